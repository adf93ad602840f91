/**
 * Why a queued trial is not claimed: worked out from the rows when somebody asks, as a claim would see them, and stored
 * nowhere. Next hop: claims.ts, which decides.
 */
import type { Database } from './database.js'

export interface WaitOptions {
  /** a node that was not heard of for so long is gone */
  leaseSeconds: number
  /** kinds that the code has */
  kinds: readonly { kind: string, version: string }[]
}

/** A lane of a node that is alive; used: its slots that trials take. */
export interface WaitLane { device: string, slots: number, used: number, isStarting: boolean, failure: string | null }

/** What decides; max: trials of the team that may run at once. */
export interface WaitFacts {
  kind: string
  kindVersion: string
  experimentState: string
  /** 0: a whole lane */
  slots: number
  device: string
  running: number
  max: number | null
  /** nodes that are alive */
  nodes: number
  lanes: WaitLane[]
}

const FACTS = `
  select experiment.kind, experiment.kind_version as "kindVersion", experiment.state as "experimentState", trial.slots, trial.device,
    (select count(*)::int from trial as other where other.team_id = trial.team_id and other.state in ('running', 'pausing', 'stopping')) as running,
    (select (quotas ->> 'maxRunningTrials')::float8 from team where id = trial.team_id and jsonb_typeof(quotas -> 'maxRunningTrials') = 'number') as max,
    (select count(*)::int from node where ${isAlive('node')}) as nodes,
    (select coalesce(json_agg(json_build_object('device', lane.device, 'slots', lane.slots, 'isStarting', lane.backend = 'starting',
        'failure', lane.failure, 'used', (
          select coalesce(sum(case when held.slots = 0 then lane.slots else least(held.slots, lane.slots) end), 0)
          from trial as held where held.lane_id = lane.id and held.state in ('running', 'pausing', 'stopping'))) order by lane.device, lane.id), '[]')
      from lane join node on node.id = lane.node_id where ${isAlive('node')}) as lanes
  from trial join experiment on experiment.id = trial.experiment_id
  where trial.id = $1 and trial.state = 'queued'`

/**
 * Says in a sentence why a trial waits.
 * @returns undefined when it does not wait any more
 */
export async function explainWait ({ pool }: Database, trialId: string, { leaseSeconds, kinds }: WaitOptions): Promise<string | undefined> {
  const { rows: [facts] } = await pool.query<WaitFacts>({ name: 'explain-wait', text: FACTS, values: [trialId, leaseSeconds] })
  return facts && reasonOf(facts, kinds)
}

/** The first of the reasons that holds, in the order in which somebody would have to deal with them. */
export function reasonOf (facts: WaitFacts, kinds: WaitOptions['kinds']): string {
  const { kind, kindVersion, device, slots, lanes } = facts
  if (!['queued', 'running'].includes(facts.experimentState)) return `its experiment is ${facts.experimentState}`
  if (facts.nodes === 0) return 'no node is running: npm start runs one, and so does work'
  const version = kinds.find(one => one.kind === kind)?.version
  if (version !== kindVersion) return `it was made for version ${kindVersion} of ${kind}, and the code here has ${version === undefined ? 'none' : `version ${version}`}`
  const named = device === 'any' ? 'lane' : `lane of device ${device}`
  const fitting = lanes.filter(lane => device === 'any' || lane.device.startsWith(device))
  if (fitting.length === 0) return `no ${named} is there: the nodes have ${lanes.map(lane => lane.device).join(', ') || 'none'}`
  const working = fitting.filter(({ failure }) => failure === null)
  if (working.length === 0) return `no ${named} works: ${fitting[0]!.failure}`
  const ready = working.filter(({ isStarting }) => !isStarting)
  if (ready.length === 0) return `no ${named} is ready yet: ${working.map(lane => lane.device).join(', ')} starts`
  if (facts.max !== null && facts.running >= facts.max) return `the team's limit of ${facts.max} running trials is reached`
  const [nearest] = ready.map(lane => {
    const needs = slots === 0 ? lane.slots : Math.min(slots, lane.slots)
    return { lane, needs, lacks: needs - (lane.slots - lane.used) }
  }).sort((left, right) => left.lacks - right.lacks)
  if (nearest!.lacks > 0) {
    const { lane, needs } = nearest!
    return `it waits for ${needs} free ${needs === 1 ? 'slot' : 'slots'} of a lane: ${lane.device} has ${Math.max(0, lane.slots - lane.used)} of ${lane.slots}`
  }
  return 'other trials go first, or a lane is about to take it'
}

function isAlive (node: string): string {
  return `${node}.stopped_at is null and ${node}.heartbeat_at > now() - make_interval(secs => $2)`
}
