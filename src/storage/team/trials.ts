/** A team's trials, and what they left: checkpoints and artifacts. Read only: src/storage/trials.ts changes them. */
import type { ArtifactDescription, CheckpointInterval, Needs } from '../../algorithms/contract.js'
import type { Failure } from '../../errors.js'
import type { Database } from '../database.js'
import type { Artifact, Checkpoint, Trial, TrialAttempt, TrialTransition } from '../generated/client.js'
import { checkId, notFound, readPage, type Page, type PageQuery } from './page.js'

export type TrialResource = ReturnType<typeof toTrial>
export type CheckpointResource = ReturnType<typeof toCheckpoint>
export type ArtifactResource = ReturnType<typeof toArtifact>

export interface TeamTrials {
  /** Gets one with its fingerprint, attempts and transitions. @throws AppError not_found */
  get (id: string): Promise<TrialResource>
  /** Lists a trial's checkpoints, newest first. @throws AppError not_found, invalid_cursor */
  checkpoints (id: string, query?: PageQuery): Promise<Page<CheckpointResource>>
  /** Lists a trial's artifacts, newest first. @throws AppError not_found, invalid_cursor */
  artifacts (id: string, query?: PageQuery): Promise<Page<ArtifactResource>>
}

export interface TeamCheckpoints {
  /** Gets one; sha256 names its safetensors file in the blob store. @throws AppError not_found */
  get (id: string): Promise<CheckpointResource>
}

/** Which artifact is meant, as the figure of a report says it. */
export interface ArtifactName { trial: string, name: string, step: number }

export interface TeamArtifacts {
  /** Gets one; sha256 names its file in the blob store. @throws AppError not_found */
  get (id: string): Promise<ArtifactResource>
  /** Finds one by trial, name and step; undefined when there is none. */
  find (artifact: ArtifactName): Promise<ArtifactResource | undefined>
  /** Says what a trial that reads it is told, and where its file is. @throws AppError not_found */
  open (id: string): Promise<OpenedArtifact>
}

export interface OpenedArtifact { description: ArtifactDescription, blobSha: string }

/** Gives the trials of one team. */
export function teamTrials ({ prisma }: Database, teamId: string): TeamTrials {
  async function get (id: string): Promise<TrialResource> {
    const row = await prisma.trial.findFirst({
      where: { id: checkId('trial', id), teamId },
      include: { experiment: { select: { kind: true } }, transitions: { orderBy: { id: 'asc' } }, attempts: { orderBy: { attempt: 'asc' } } }
    })
    if (!row) throw notFound('trial', id)
    return toTrial(row)
  }

  async function check (id: string): Promise<void> {
    const count = await prisma.trial.count({ where: { id: checkId('trial', id), teamId } })
    if (count === 0) throw notFound('trial', id)
  }

  async function checkpoints (id: string, query: PageQuery = {}): Promise<Page<CheckpointResource>> {
    await check(id)
    return readPage(query, (below, take) =>
      prisma.checkpoint.findMany({ where: { trialId: id, teamId, ...below }, orderBy: { id: 'desc' }, take }), toCheckpoint)
  }

  async function artifacts (id: string, query: PageQuery = {}): Promise<Page<ArtifactResource>> {
    await check(id)
    return readPage(query, (below, take) =>
      prisma.artifact.findMany({ where: { trialId: id, teamId, ...below }, orderBy: { id: 'desc' }, take }), toArtifact)
  }

  return { get, checkpoints, artifacts }
}

/** Gives the checkpoints of one team. */
export function teamCheckpoints ({ prisma }: Database, teamId: string): TeamCheckpoints {
  async function get (id: string): Promise<CheckpointResource> {
    const row = await prisma.checkpoint.findFirst({ where: { id: checkId('checkpoint', id), teamId } })
    if (!row) throw notFound('checkpoint', id)
    return toCheckpoint(row)
  }
  return { get }
}

/** Gives the artifacts of one team. */
export function teamArtifacts ({ prisma }: Database, teamId: string): TeamArtifacts {
  async function get (id: string): Promise<ArtifactResource> {
    const row = await prisma.artifact.findFirst({ where: { id: checkId('artifact', id), teamId } })
    if (!row) throw notFound('artifact', id)
    return toArtifact(row)
  }

  async function find ({ trial, name, step }: ArtifactName): Promise<ArtifactResource | undefined> {
    const row = await prisma.artifact.findFirst({ where: { trialId: trial, name, step, teamId } })
    return row === null ? undefined : toArtifact(row)
  }

  async function open (id: string): Promise<OpenedArtifact> {
    const row = await prisma.artifact.findFirst({
      where: { id: checkId('artifact', id), teamId }, include: { trial: { select: { experiment: { select: { kind: true } } } } }
    })
    if (!row) throw notFound('artifact', id)
    const { name, mediaType, blobSha, sizeBytes } = row
    const { kind } = row.trial.experiment
    return { description: { id: row.id, kind, name, mediaType: mediaType as ArtifactDescription['mediaType'], sizeBytes: Number(sizeBytes) }, blobSha }
  }

  return { get, find, open }
}

function toTrial (row: Trial & { experiment: { kind: string }, transitions: TrialTransition[], attempts: TrialAttempt[] }) {
  return {
    id: row.id,
    experimentId: row.experimentId,
    kind: row.experiment.kind,
    ordinal: row.ordinal,
    arm: row.arm,
    seed: row.seed,
    definition: row.definition as Record<string, unknown>,
    slots: row.slots,
    threads: row.threads,
    device: row.device,
    engine: row.engine as Needs['engine'],
    crew: row.crew,
    deterministic: row.deterministic,
    estimate: row.estimate as Needs['estimate'],
    state: row.state,
    attempt: row.attempt,
    deaths: row.deaths,
    progress: { done: row.progressDone, of: row.progressOf },
    secondsUsed: row.secondsUsed,
    outcome: row.outcome,
    result: row.result as Record<string, unknown> | null,
    failure: row.failure as Failure | null,
    fingerprint: row.fingerprint as Record<string, unknown> | null,
    attempts: row.attempts.map(toAttempt),
    transitions: row.transitions.map(toTransition),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null
  }
}

function toAttempt (row: TrialAttempt) {
  return {
    attempt: row.attempt,
    nodeId: row.nodeId,
    laneId: row.laneId,
    fingerprint: row.fingerprint as Record<string, unknown> | null,
    resumedFrom: row.resumedFrom,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    end: row.end
  }
}

function toTransition (row: TrialTransition) {
  return { from: row.from, to: row.to, actor: row.actor, reason: row.reason, at: row.at.toISOString() }
}

function toCheckpoint (row: Checkpoint) {
  return {
    id: row.id,
    trialId: row.trialId,
    modelId: row.modelId,
    step: row.step,
    learningRate: row.learningRate,
    interval: row.interval as unknown as CheckpointInterval | null,
    counted: row.counted,
    sizeBytes: Number(row.sizeBytes),
    sha256: row.blobSha,
    createdAt: row.createdAt.toISOString()
  }
}

function toArtifact (row: Artifact) {
  return {
    id: row.id,
    trialId: row.trialId,
    name: row.name,
    step: row.step,
    mediaType: row.mediaType,
    sizeBytes: Number(row.sizeBytes),
    sha256: row.blobSha,
    createdAt: row.createdAt.toISOString()
  }
}
