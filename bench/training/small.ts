/**
 * The MLP as the service runs it: with the one thread that it gives small networks, beside PyTorch's better choice of
 * one and two; and two trials side by side, in two threads of a process, beside two processes of PyTorch.
 */
import { summarise, type Case } from '../record.js'
import { fastest, openOurs, openPeer, REPETITIONS, type Side } from './compare.js'

const request = { net: 'mlp 784-256-10', optimizer: 'sgd', mode: 'compiled', steps: 1000 }
const ofPeer = { ...request, mode: 'eager' }

/** Measures both. */
export async function compareSmall (): Promise<Case[]> {
  return [await compareChoice(), await comparePairs()]
}

async function compareChoice (): Promise<Case> {
  const ours = await openOurs('cpu', 1)
  const peers = (await Promise.all([openPeer('cpu', 1), openPeer('cpu', 2)])).filter(peer => peer !== undefined)
  const times = { ours: [] as number[], peers: peers.map((): number[] => []) }
  for (let i = 0; i < REPETITIONS; i++) {
    times.ours.push((await ours.ask(request)).ms!)
    for (const [at, peer] of peers.entries()) times.peers[at]!.push((await peer.ask(ofPeer)).ms!)
  }
  close([ours, ...peers])
  const [best = []] = [...times.peers].sort((a, b) => Math.min(...a) - Math.min(...b))
  const name = `${request.net} sgd, 1 thread as the service chooses, PyTorch's better of 1 and 2`
  return caseOf(name, times.ours, best, `PyTorch eager, ${1 + times.peers.indexOf(best)} threads`)
}

async function comparePairs (): Promise<Case> {
  const ours = await openOurs('cpu', 1, 2)
  const peers = (await Promise.all([openPeer('cpu', 1), openPeer('cpu', 1)])).filter(peer => peer !== undefined)
  const times = { ours: [] as number[], peer: [] as number[] }
  for (let i = 0; i < REPETITIONS; i++) {
    times.ours.push((await ours.ask(request)).ms!)
    if (peers.length === 0) continue
    const answers = await Promise.all(peers.map(async peer => (await peer.ask(ofPeer)).ms!))
    times.peer.push(answers.reduce((sum, ms) => sum + ms) / answers.length)
  }
  close([ours, ...peers])
  return caseOf(`${request.net} sgd, two trials side by side`, times.ours, times.peer, 'PyTorch eager, two processes')
}

function caseOf (name: string, ours: number[], peer: number[], peerName: string): Case {
  process.stdout.write(`${name}: ours ${fastest(ours)}, PyTorch ${fastest(peer)}\n`)
  const hasPeer = peer.length > 0
  return {
    name,
    unit: 'ms/step',
    better: 'lower',
    ours: summarise(ours),
    peer: hasPeer ? { name: peerName, ...summarise(peer) } : null,
    aim: hasPeer ? 1 : null
  }
}

function close (sides: Side[]): void {
  for (const side of sides) side.close()
}
