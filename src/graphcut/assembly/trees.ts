/**
 * Maximum flow by incremental breadth first search (AssemblyScript): Goldberg, Hed, Kaplan, Tarjan, Werneck 2011, "Maximum Flows
 * by Incremental Breadth-First Search", in our own words. Two trees of residual arcs, from the source and to the sink, grow
 * level by level; where they touch flow is pushed, and nodes that lost the arc to their parent seek another one. A node's
 * level is a lower bound of its distance, which never falls: so there are at most O(n^2 m) operations, where the search of
 * Boykov and Kolmogorov, which has no levels, knows no such bound.
 */
import {
  buckets, chain, currents, get, labels, nexts, parents, set, sinks, sinkStamps, sources, sourceStamps, turnSinks, turnSources
} from './room'
import { pushShort } from './short'
import { capacityOf, endOf, firstOf, headOf, isOpen, nodes, push, setTerminal, sisterOf, terminalOf } from './topology'

/*
 * labels: level in the source's tree above 0, in the sink's below 0, 0: in none; parents: the arc to the parent; currents: the
 * arc from which on a node looks for a parent on the level above its own, for none before it can become one; sources, sinks:
 * nodes of one level of each tree that have to look around, nexts: those of the next one; stamps: which list of each tree a node
 * was put into last, by number: no list has a node twice, so that its room suffices; buckets, chain: orphans by level, the first
 * of each level and the next of each node.
 */

/** The parent of a root is its terminal; an orphan has none. */
const ROOT: i32 = -1
const ORPHAN: i32 = -2

let sourceLevel: i32 = 0
let sinkLevel: i32 = 0
let isSourceTurn: bool = false
let nextCount: i32 = 0
/** Numbers of the lists: those that look around now are one less than the next ones of their tree. */
let sourceList: i32 = 1
let sinkList: i32 = 1
let sourceCount: i32 = 0
let sinkCount: i32 = 0
let flow: f64 = 0
/** Whether the trees have looked around everywhere, not stopped for the work that it took. */
let isDone: bool = true

/** Arcs looked at in seeking parents, and steps of paths. */
let work: f64 = 0

/**
 * Pushes flow until there is none left, or until that has taken as much work as it may.
 * @returns the flow that was still missing, or what of it was pushed
 */
export function augmentAll<T> (most: f64): f64 {
  begin<T>()
  isDone = true
  // Once the sink's tree has nothing to look around from, no residual path is left: the source's tree then grows to all that the
  // source still reaches.
  while (sourceCount > 0 && isDone) {
    isSourceTurn = sinkCount == 0 || sourceCount <= sinkCount
    nextCount = 0
    if (isSourceTurn) {
      isDone = growSource<T>(sinkCount == 0 ? Infinity : most)
      turnSources()
      sourceCount = nextCount
      sourceLevel++
      sourceList++
    } else {
      isDone = growSink<T>(most)
      turnSinks()
      sinkCount = nextCount
      sinkLevel++
      sinkList++
    }
  }
  return flow
}

/** Whether all flow is pushed; then the source's tree is what the source still reaches. */
export function isComplete (): bool {
  return isDone
}

function begin<T> (): void {
  flow = pushShort<T>(nodes)
  work = 0
  sourceCount = 0
  sinkCount = 0
  sourceLevel = 1
  sinkLevel = 1
  sourceList = 1
  sinkList = 1
  const bytes = <usize>nodes << 2
  memory.fill(buckets, 0xff, bytes + 8) // -1
  memory.fill(parents, 0xff, bytes) // ROOT
  for (let node = 0; node < nodes; node++) {
    const terminal = terminalOf(node)
    const isSource = i32(terminal > 0)
    const isSink = i32(terminal < 0)
    set(labels, node, isSource - isSink)
    set(sourceStamps, node, isSource)
    set(sinkStamps, node, isSink)
    // Written in any case: which it is cannot be foreseen.
    set(sources, sourceCount, node)
    set(sinks, sinkCount, node)
    sourceCount += isSource
    sinkCount += isSink
  }
}

/** @returns whether all of the level have looked around, with no more work than that */
function growSource<T> (most: f64): bool {
  for (let i = 0; i < sourceCount; i++) {
    if (work > most) return false
    const node = get(sources, i)
    const end = endOf<T>(node)
    if (get(labels, node) != sourceLevel) continue
    for (let arc = firstOf<T>(node); arc < end; arc++) {
      const head = headOf<T>(node, arc)
      if (get(labels, head) > 0) continue // most are: it is asked first
      while (get(labels, head) < 0 && isOpen<T>(node, arc) && get(labels, node) == sourceLevel) augment<T>(node, arc, head)
      if (get(labels, node) != sourceLevel) break
      if (get(labels, head) == 0 && isOpen<T>(node, arc)) join<T>(head, sisterOf<T>(arc, head), sourceLevel + 1)
    }
  }
  return true
}

function growSink<T> (most: f64): bool {
  for (let i = 0; i < sinkCount; i++) {
    if (work > most) return false
    const node = get(sinks, i)
    const end = endOf<T>(node)
    if (get(labels, node) != -sinkLevel) continue
    for (let arc = firstOf<T>(node); arc < end; arc++) {
      const head = headOf<T>(node, arc)
      if (get(labels, head) < 0) continue
      const sister = sisterOf<T>(arc, head)
      while (get(labels, head) > 0 && isOpen<T>(head, sister) && get(labels, node) == -sinkLevel) augment<T>(head, sister, node)
      if (get(labels, node) != -sinkLevel) break
      if (get(labels, head) == 0 && isOpen<T>(head, sister)) join<T>(head, sister, -sinkLevel - 1)
    }
  }
  return true
}

// @ts-ignore: decorator
@inline
function join<T> (node: i32, parent: i32, label: i32): void {
  set(labels, node, label)
  set(parents, node, parent)
  set(currents, node, firstOf<T>(node))
  if (label > 0) enlistSource(node)
  else enlistSink(node)
}

/** Puts a node into the list of its level: the next one of the tree that grows, the present one of the other. */
function enlistSource (node: i32): void {
  const list = sourceList + i32(isSourceTurn)
  if (get(sourceStamps, node) == list) return
  set(sourceStamps, node, list)
  if (isSourceTurn) set(nexts, nextCount++, node)
  else set(sources, sourceCount++, node)
}

function enlistSink (node: i32): void {
  const list = sinkList + i32(!isSourceTurn)
  if (get(sinkStamps, node) == list) return
  set(sinkStamps, node, list)
  if (isSourceTurn) set(sinks, sinkCount++, node)
  else set(nexts, nextCount++, node)
}

/** Pushes what a path of both trees can take over the arc between them. */
function augment<T> (from: i32, between: i32, to: i32): void {
  let least = capacityOf(between)
  let node = from
  let arc = get(parents, node)
  while (arc != ROOT) {
    const parent = headOf<T>(node, arc)
    least = min(least, capacityOf(sisterOf<T>(arc, parent)))
    work++
    node = parent
    arc = get(parents, node)
  }
  least = min(least, terminalOf(node))
  node = to
  arc = get(parents, node)
  while (arc != ROOT) {
    least = min(least, capacityOf(arc))
    work++
    node = headOf<T>(node, arc)
    arc = get(parents, node)
  }
  least = min(least, -terminalOf(node))
  flow += least

  push<T>(from, between, to, least)
  let highest = 0
  node = from
  arc = get(parents, node)
  while (arc != ROOT) {
    const parent = headOf<T>(node, arc)
    const down = sisterOf<T>(arc, parent)
    push<T>(parent, down, node, least)
    if (capacityOf(down) == 0) highest = orphan(node)
    node = parent
    arc = get(parents, node)
  }
  setTerminal(node, terminalOf(node) - least)
  if (terminalOf(node) == 0) highest = orphan(node)
  if (highest > 0) adopt<T, i32>(highest)

  highest = 0
  node = to
  arc = get(parents, node)
  while (arc != ROOT) {
    const parent = headOf<T>(node, arc)
    push<T>(node, arc, parent, least)
    if (capacityOf(arc) == 0) highest = orphan(node)
    node = parent
    arc = get(parents, node)
  }
  setTerminal(node, terminalOf(node) + least)
  if (terminalOf(node) == 0) highest = orphan(node)
  if (highest > 0) adopt<T, f64>(highest)
}

/** Puts a node that lost its parent into the list of its level. @returns the level */
function orphan (node: i32): i32 {
  const level = abs(get(labels, node))
  set(parents, node, ORPHAN)
  set(chain, node, get(buckets, level))
  set(buckets, level, node)
  return level
}

/**
 * Finds parents for all orphans of one tree, those that are nearest to its root first: a parent's level is one less than a
 * child's, so that of the levels below nobody is an orphan any more.
 * @param Side integer: the source's tree
 */
function adopt<T, Side> (lowest: i32): void {
  const most = isInteger<Side>() ? sourceLevel + i32(isSourceTurn) : sinkLevel + i32(!isSourceTurn)
  for (let level = lowest; level <= most; level++) {
    for (;;) {
      const node = get(buckets, level)
      if (node < 0) break
      set(buckets, level, get(chain, node))
      seek<T, Side>(node, level, most)
    }
  }
}

/** Whether what comes from, or goes to, the root could pass between a node and its neighbour. */
// @ts-ignore: decorator
@inline
function passes<T, Side> (node: i32, arc: i32, head: i32): bool {
  return isInteger<Side>() ? isOpen<T>(head, sisterOf<T>(arc, head)) : isOpen<T>(node, arc)
}

/** Level of a neighbour in the tree, 0 or less where it is in another one or in none. */
// @ts-ignore: decorator
@inline
function levelIn<Side> (node: i32): i32 {
  return isInteger<Side>() ? get(labels, node) : -get(labels, node)
}

function seek<T, Side> (node: i32, level: i32, most: i32): void {
  const end = endOf<T>(node)
  if (level > 1) {
    for (let arc = get(currents, node); arc < end; arc++) {
      const head = headOf<T>(node, arc)
      if (levelIn<Side>(head) != level - 1 || !passes<T, Side>(node, arc, head)) continue
      set(parents, node, arc)
      set(currents, node, arc)
      return
    }
  }
  let least = i32.MAX_VALUE
  let nearest = -1
  work += <f64>(end - firstOf<T>(node))
  for (let arc = firstOf<T>(node); arc < end; arc++) {
    const head = headOf<T>(node, arc)
    const other = levelIn<Side>(head)
    if (other <= 0) continue
    if (get(parents, head) == sisterOf<T>(arc, head)) orphan(head) // a child
    if (other < least && other >= level && passes<T, Side>(node, arc, head)) {
      least = other
      nearest = arc
    }
  }
  if (least >= most) {
    set(labels, node, 0)
    return
  }
  const label = least + 1
  set(labels, node, isInteger<Side>() ? label : -label)
  set(parents, node, nearest)
  set(currents, node, nearest)
  if (label < most) return
  if (isInteger<Side>()) enlistSource(node)
  else enlistSink(node)
}
