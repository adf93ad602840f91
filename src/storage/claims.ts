/**
 * Which queued trial a lane takes next. Everything is worked out from the rows, in one statement: who uses how many
 * slots, whose turn it is, and whether a large trial that waits has this lane kept free for it. Next hop: leases.ts.
 */
import type { ClientBase } from 'pg'
import { recordMoves, type TrialState } from './trials.js'

export interface Claimed {
  id: string
  teamId: string
  experimentId: string
  kind: string
  maxSeconds: number | null
  definition: { arm: string, seed: number, spec: unknown }
  deterministic: boolean
  engine: 'float64' | 'tensor'
  attempt: number
  /** slots of this lane that it takes */
  slots: number
  /** of the tensor engine, for each of its crew, that it is granted */
  threads: number
  /** threads that work on it */
  crew: number
  secondsUsed: number
  state: TrialState
}

export interface Claim {
  nodeId: string
  laneId: string
  device: string
  laneSlots: number
  freeSlots: number
  leaseSeconds: number
  /** kinds that the node's code has; trials of other versions wait for a node that has them */
  kinds: readonly { kind: string, version: string }[]
}

/** How many trials of one experiment a claim looks at: more than there are lanes that claim at the same moment. */
const MAX_OF_EXPERIMENT = 100

/** Slots that a trial takes of a lane. */
const takes = (trial: string, lane: string): string => `case when ${trial}.slots = 0 then ${lane} else least(${trial}.slots, ${lane}) end`

/**
 * Order: on a GPU what uses it before Float64 trials, which any lane can run; the team that uses the fewest slots first
 * (between equals the one that waits longest), within a team the higher priority, then the older trial.
 * A trial takes what fits; when the first in order fits this kind of lane but
 * finds no room, one lane is kept free for it: the one of all fitting lanes that lacks the fewest slots, the lower id
 * between equals. Every node finds the same lane from the same rows, so a restart forgets nothing. A lane can lose the
 * honour only to one that is nearer, so the trial is not starved, and all other lanes go on with smaller ones.
 */
const PICK = `
  with held as (
    select trial.team_id, trial.lane_id, ${takes('trial', 'coalesce(lane.slots, 1)')} as slots
    from trial left join lane on lane.id = trial.lane_id
    where trial.state in ('running', 'pausing', 'stopping')
  ), busy as (
    select team_id, count(*) as trials, sum(slots) as slots from held group by team_id
  ), bound as (
    -- Whatever stands in one team's row must not break the statement for all.
    select id, case when jsonb_typeof(quotas -> 'maxRunningTrials') = 'number' then (quotas ->> 'maxRunningTrials')::numeric end as trials
    from team
  ), possible as (
    -- Experiment by experiment, and no more of each than lanes may ask for at once: a claim must not read the whole queue.
    select trial.id, experiment.team_id, trial.slots, trial.device, trial.engine, ${takes('trial', '$3::int')} as takes,
      bound.trials as max, coalesce(busy.slots, 0) as used, experiment.priority, trial.created_at, trial.ordinal,
      min(trial.created_at) over (partition by experiment.team_id) as waits_since
    from bound
    left join busy on busy.team_id = bound.id
    join experiment on experiment.team_id = bound.id and experiment.state in ('queued', 'running')
    cross join lateral (
      select id, slots, device, engine, created_at, ordinal from trial
      where experiment_id = experiment.id and state = 'queued' and (device = 'any' or $2 like device || '%')
      order by ordinal limit ${MAX_OF_EXPERIMENT}
    ) as trial
    where bound.id <> all($8::uuid[]) and (bound.trials is null or coalesce(busy.trials, 0) < bound.trials)
      and (experiment.kind, experiment.kind_version) in (select * from unnest($5::text[], $6::text[]))
  ), candidate as materialized (
    select *, takes <= $4::int as fits,
      row_number() over (order by engine = 'float64' and $2 like 'gpu%', used, waits_since, team_id, priority desc, created_at, ordinal, id) as place
    from possible
  ), kept as (
    select from candidate as head
    where head.place = 1 and not head.fits and $1 = (
      select lane.id
      from lane
      join node on node.id = lane.node_id
      cross join lateral (select ${takes('head', 'lane.slots')} as takes) as need
      where (head.device = 'any' or lane.device like head.device || '%') and lane.failure is null
        and (lane.id = $1 or (lane.heartbeat_at > now() - make_interval(secs => $7) and node.stopped_at is null
          and node.version = (select version from node join lane as own on own.node_id = node.id where own.id = $1)))
      order by need.takes - (lane.slots - (select coalesce(sum(held.slots), 0) from held where held.lane_id = lane.id)), lane.id
      limit 1
    )
  )
  select trial.id, trial.team_id, candidate.takes, candidate.max
  from trial join candidate on candidate.id = trial.id
  where candidate.fits and trial.state = 'queued' and not exists (select from kept)
  order by candidate.place
  limit 1
  for update of trial skip locked`

interface Picked { id: string, team_id: string, takes: number, max: string | null }

/** Claims the next trial for a lane, inside the caller's transaction. */
export async function claimTrial (client: ClientBase, claim: Claim): Promise<Claimed | undefined> {
  const full: string[] = []
  await client.query('savepoint picked')
  for (;;) {
    const picked = await pick(client, claim, full)
    if (picked === undefined) return undefined
    if (await hasRoom(client, picked)) return await take(client, claim, picked)
    await client.query('rollback to savepoint picked') // gives back the locks: two claims that each hold one never wait in a ring
    full.push(picked.team_id)
  }
}

async function pick (client: ClientBase, claim: Claim, fullTeams: string[]): Promise<Picked | undefined> {
  const { rows: [picked] } = await client.query<Picked>({
    name: 'pick-trial',
    text: PICK,
    values: [
      claim.laneId, claim.device, claim.laneSlots, claim.freeSlots,
      claim.kinds.map(one => one.kind), claim.kinds.map(one => one.version), claim.leaseSeconds, fullTeams
    ]
  })
  return picked
}

/**
 * Counts once more under a lock, where the team has a bound: claims at the same time do not see each other's trials.
 * The lock is the team's own, so nobody else waits for it.
 */
async function hasRoom (client: ClientBase, picked: Picked): Promise<boolean> {
  if (picked.max === null) return true
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`running trials of ${picked.team_id}`])
  const { rows: [count] } = await client.query(
    "select count(*) < $2::numeric as room from trial where team_id = $1 and state in ('running', 'pausing', 'stopping')",
    [picked.team_id, picked.max])
  return count.room
}

async function take (client: ClientBase, claim: Claim, picked: Picked): Promise<Claimed> {
  const { rows: [row] } = await client.query(
    `update trial set state = 'running', attempt = trial.attempt + 1, node_id = $2, lane_id = $3,
       lease_until = now() + make_interval(secs => $4), started_at = coalesce(trial.started_at, now()), finished_at = null
     from experiment
     where trial.id = $1 and experiment.id = trial.experiment_id
     returning trial.*, experiment.kind, experiment.max_seconds`,
    [picked.id, claim.nodeId, claim.laneId, claim.leaseSeconds])
  await client.query('insert into trial_attempt (trial_id, attempt, node_id, lane_id) values ($1, $2, $3, $4)',
    [row.id, row.attempt, claim.nodeId, claim.laneId])
  await recordMoves(client, [{ ...row, state: 'queued' }], { to: 'running', actor: 'node', reason: `claimed by ${claim.device}, attempt ${row.attempt}` })
  return {
    id: row.id,
    teamId: row.team_id,
    experimentId: row.experiment_id,
    kind: row.kind,
    maxSeconds: row.max_seconds,
    definition: row.definition,
    deterministic: row.deterministic,
    engine: row.engine,
    attempt: row.attempt,
    slots: picked.takes,
    threads: grantThreads(row, picked.takes),
    crew: row.crew,
    secondsUsed: row.seconds_used,
    state: 'running'
  }
}

/** An even share of the slots granted for each of the crew, and not more than it asked for. */
function grantThreads ({ threads, crew }: { threads: number, crew: number }, slots: number): number {
  const share = Math.max(1, Math.floor(slots / crew))
  return threads === 0 ? share : Math.min(threads, share)
}
