/** What crosses between node, executor and trial thread. One file, so that the protocol can be held in the head. */
import type { MessagePort } from 'node:worker_threads'
import type { Descent, ModelDescription, TrialDefinition } from '../algorithms/contract.js'
import type { DatasetDescription, TrainingView } from '../datasets/dataset.js'
import type { Fields } from '../datasets/description.js'
import type { Architecture } from '../tensor/architecture.js'
import type { Claimed } from '../storage/claims.js'
import type { Failure } from '../errors.js'
import type { Gpu } from '../gpus.mjs'
import type { Stop } from './control.js'

/** What an executor is told first. */
export interface ExecutorSettings {
  type: 'open'
  databaseUrl: string
  blobStore: string
  nodeId: string
  laneId: string
  device: string
  /** the card behind the device, as nvidia-smi describes it */
  gpu: Gpu | undefined
  gpuMemoryPercent: number
  /** where the driver keeps the kernels that it compiles; undefined: in a folder of its own choice */
  kernelCache: string | undefined
  /** of the lane: what its executors run together */
  slots: number
  /** TensorFlow's intra-op threads, as the environment of the process has them */
  threads: number
  /** answers questions, builds indexes, and speaks for the lane in its row: the first executor of each lane does */
  isFirst: boolean
  backend: 'auto' | 'tensorflow' | 'wasm'
  snapshotSeconds: number
  leaseSeconds: number
  hungSeconds: number
}

/** Node to executor. */
export type ToExecutor =
  | ExecutorSettings
  | { type: 'run', trial: Claimed }
  /** bring every trial to a boundary, hand it back, end */
  | { type: 'drain' }

/** Executor to node. */
export type FromExecutor =
  | { type: 'ready', backend: string }
  /** the device that the lane is to have cannot be had: the process ends, and another one would not find it either */
  | { type: 'unusable', reason: string }
  /** a step of the GPU's warming-up is done */
  | { type: 'warmed', step: string, done: number, of: number }
  /** it cannot start, and ends; isExcused: the database was away */
  | { type: 'failed', reason: string, isExcused: boolean }
  /** comes at every beat: the process is not frozen */
  | { type: 'beat', rssBytes: number }
  /** died: a thread of it ended that had not finished: by force, or by itself */
  | { type: 'ended', trialId: string, attempt: number, died: boolean, rssBytes: number }
  | { type: 'log', level: 'info' | 'warn' | 'error', event: string, detail: Record<string, unknown> }

/** What a trial thread is given. */
export interface TrialTask {
  kind: string
  trial: TrialDefinition
  data: Record<string, SharedDataset>
  models: Record<string, SharedModel>
  /** files in memory that threads share */
  artifacts: Record<string, SharedArrayBuffer>
  /** safetensors of the snapshot to go on from */
  snapshot: { ordinal: number, bytes: Uint8Array } | undefined
  backend: 'auto' | 'tensorflow' | 'wasm'
  /** of the tensor engine in this process */
  threads: number
  granted: Granted
  /** how long members of its crew wait for each other */
  deadlineMs: number
  control: SharedArrayBuffer
  port: MessagePort
  /** strings for the metadata of checkpoint files */
  metadata: Record<string, string>
}

/** What of its lane a trial may use; crew: the most threads that may work on it. */
export type Granted = Pick<Claimed, 'slots' | 'threads' | 'crew'>

/** A data set's file in memory that threads share. */
export interface SharedDataset { description: DatasetDescription, memory: SharedArrayBuffer }

/** A checkpoint's file in memory that threads share. */
export interface SharedModel { description: ModelDescription, memory: SharedArrayBuffer }

/** Whether the run works, or has its thread load what it needs: that is not the trial's time. */
export interface WorkMark { type: 'work', isAtWork: boolean }

/** One yielded event on its way to the recorder; payload is a file's bytes, where it has one. */
export interface Recordable {
  /** position among what the run yielded; snapshots have the ordinal that follows them */
  ordinal: number
  type: 'metrics' | 'progress' | 'log' | 'artifact' | 'model' | 'checkpoint' | 'influence' | 'snapshot'
  /** what a repeated run repeats to the bit, as it goes into the event's row */
  data: Record<string, unknown>
  payload?: Uint8Array | undefined
  model?: ModelParts | undefined
}

/** What a model's row has of an announced network. */
export interface ModelParts {
  architecture: Architecture
  preprocessing: unknown
  fields: Fields
  descent: Descent
  details: Record<string, unknown> | undefined
  trainingView: TrainingView | undefined
}

/** How a trial thread's work ended; sent counts what went through the port, which may still be under way. */
export type TrialEnd = { sent: number } & (
  | { type: 'finished', result: unknown }
  | { type: 'stopped', why: Stop }
  | { type: 'failed', failure: Failure }
)
