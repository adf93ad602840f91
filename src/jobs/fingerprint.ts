/** What the numbers of a trial depend on beyond spec and seed. A trial warns when it goes on under another one. */
import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { projectVersion } from '../paths.js'
import { cpuName } from './devices.js'

export interface Fingerprint {
  code: string
  kindVersion: string
  node: string
  backend: string
  /** cpu, or the card with its driver, compute capability and memory */
  device: string
  threads: number
  cpu: string
  /** hash of the instruction sets, which choose TensorFlow's kernels */
  cpuFlags: string
  /** sha-256 of every data set's file by input name */
  data: Record<string, string>
  /** sha-256 of every model's file at its checkpoint by input name */
  models: Record<string, string>
  /** sha-256 of every artifact's file by input name */
  artifacts: Record<string, string>
}

/** Says under what an attempt runs. */
export function takeFingerprint (parts: Pick<Fingerprint, 'kindVersion' | 'backend' | 'device' | 'threads' | 'data' | 'models' | 'artifacts'>): Fingerprint {
  return { code: projectVersion, node: process.version, cpu: cpuName(), cpuFlags: hashFlags(), ...parts }
}

/** Names of the members that differ. */
export function differences (left: Fingerprint, right: Fingerprint): string[] {
  return (Object.keys(left) as (keyof Fingerprint)[]).filter(key => JSON.stringify(left[key]) !== JSON.stringify(right[key]))
}

function hashFlags (): string {
  try {
    const flags = /^flags\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? ''
    return createHash('sha256').update(flags).digest('hex').slice(0, 16)
  } catch {
    return process.arch // no /proc on this system: the architecture is all that can be told
  }
}
