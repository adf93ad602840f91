/**
 * Graphs in the DIMACS format for maximum flow, as benchmarks come in it: lines `p max NODES ARCS`, `n NODE s` or `t`,
 * `a FROM TO CAPACITY`, comments `c`. Nodes are numbered from 1 there, from 0 here.
 */
import type { FlowGraph } from './graph.js'

/** Reads a graph. @throws RangeError with the number of the line that is none */
export function readDimacs (text: string): FlowGraph {
  const graph = { nodes: 0, source: -1, sink: -1, from: [] as number[], to: [] as number[], capacities: [] as number[] }
  let arcs = -1
  for (const [i, line] of text.split('\n').entries()) {
    const words = line.trim().split(/\s+/)
    const refuse = (rule: string) => new RangeError(`line ${i + 1} ${rule}, got ${JSON.stringify(line.trim())}`)
    const node = (word: string | undefined): number => {
      const number = Number(word)
      if (!(Number.isInteger(number) && number >= 1 && number <= graph.nodes)) throw refuse(`must have nodes 1 .. ${graph.nodes}`)
      return number - 1
    }
    if (words[0] === '' || words[0] === 'c') continue
    if (words[0] === 'p') {
      if (arcs >= 0) throw refuse('must be the only one that begins with p')
      if (words[1] !== 'max' || words.length !== 4 || !words.slice(2).every(word => /^\d+$/.test(word))) throw refuse('must be p max NODES ARCS')
      graph.nodes = Number(words[2])
      arcs = Number(words[3])
    } else if (words[0] === 'n') {
      if (words.length !== 3 || (words[2] !== 's' && words[2] !== 't')) throw refuse('must be n NODE s or n NODE t')
      const end = words[2] === 's' ? 'source' : 'sink'
      if (graph[end] >= 0) throw refuse(`must not name a second ${end}`)
      graph[end] = node(words[1])
    } else if (words[0] === 'a') {
      const capacity = Number(words[3])
      if (words.length !== 4 || !(capacity >= 0)) throw refuse('must be a FROM TO CAPACITY, with a capacity >= 0')
      graph.from.push(node(words[1]))
      graph.to.push(node(words[2]))
      graph.capacities.push(capacity)
    } else {
      throw refuse('must begin with c, p, n or a')
    }
  }
  if (arcs < 0) throw new RangeError('a graph must have a line p max NODES ARCS, got none')
  if (graph.source < 0 || graph.sink < 0) throw new RangeError(`a graph must name its source and its sink, got no ${graph.source < 0 ? 'source' : 'sink'}`)
  if (graph.from.length !== arcs) throw new RangeError(`a graph must have the ${arcs} arcs that its line p says, got ${graph.from.length}`)
  return graph
}

/** Writes a graph, its arcs in their order. */
export function writeDimacs ({ nodes, source, sink, from, to, capacities }: FlowGraph): string {
  const lines = [`p max ${nodes} ${from.length}`, `n ${source + 1} s`, `n ${sink + 1} t`]
  for (let arc = 0; arc < from.length; arc++) lines.push(`a ${from[arc]! + 1} ${to[arc]! + 1} ${capacities[arc]!}`)
  return `${lines.join('\n')}\n`
}
