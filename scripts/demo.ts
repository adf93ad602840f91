/**
 * `npm run demo`: trains a small network on drawn digits of which a tenth carry wrong labels, shows how far it is, and
 * then which examples the service found suspicious. Uses nothing but the client of src/client/index.ts, against the running
 * service, or one that it starts for the time being. `--url` and `--key` name another one.
 */
import { tmpdir } from 'node:os'
import path from 'node:path'
import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createClient, must, ProblemError, type Client, type Schemas } from '../src/client/index.js'
import { findService } from './demo/service.js'
import { openProgressBar } from './demo/progress-bar.js'

const KIND = 'tracin'
/** Examples that are shown. */
const SHOWN = 12

const { values: options } = parseArgs({ options: { url: { type: 'string' }, key: { type: 'string' } } })
const service = await findService(options)
try {
  await run(createClient(service), service.url)
} catch (error) {
  if (!(error instanceof ProblemError)) throw error
  console.error(`${error.message}\n${error.problem.advice}`)
  process.exitCode = 1
} finally {
  await service.close()
}

async function run (client: Client, url: string): Promise<void> {
  const { items: kinds } = await must(client.api.GET('/v1/kinds'))
  const [preset] = kinds.find(kind => kind.id === KIND)?.presets ?? []
  if (preset === undefined) throw new Error(`The service at ${url} has no kind ${KIND}`)
  const experiment = await must(client.api.POST('/v1/experiments', {
    body: { kind: KIND, preset: preset.name, name: 'Demo: find the mislabelled digits', tags: ['demo'] }
  })) as Schemas['Experiment']
  console.log(`Experiment ${experiment.id} on ${url}: ${experiment.trials.length} trial${experiment.trials.length === 1 ? '' : 's'}`)
  const state = await watch(client, experiment)
  if (state !== 'succeeded') {
    const { failure } = await must(client.api.GET('/v1/experiments/{id}', { params: { path: { id: experiment.id } } }))
    throw new Error(`The experiment ${state}: ${failure?.message ?? 'somebody canceled it'}`)
  }
  await showVerdict(client, experiment)
  const model = await findModel(client, experiment.id)
  await showSuspects(client, experiment, model)
  await showInfluence(client, model)
}

/** Follows the experiment to its end. @returns its state */
async function watch (client: Client, experiment: Schemas['Experiment']): Promise<string> {
  const bar = openProgressBar()
  const done = new Map<string, { done: number, of: number }>()
  let state: string = experiment.state
  let note = ''
  for await (const { type, trialId, data } of client.follow(experiment.id, { onReconnect: reason => { bar.note(`connection lost (${reason}), going on`) } })) {
    if (type === 'progress') done.set(trialId ?? '', data as { done: number, of: number })
    if (type === 'metrics') note = sayMetrics(data.values as Record<string, number>) || note
    if (type === 'state' && trialId === null) state = String(data.state)
    if (type === 'log') bar.note(String(data.text))
    const sum = (part: 'done' | 'of') => [...done.values()].reduce((total, one) => total + one[part], 0)
    bar.update(sum('of') > 0 ? sum('done') / sum('of') : 0, `${state}${note && `, ${note}`}`)
  }
  bar.close()
  return state
}

function sayMetrics (values: Record<string, number>): string {
  const { testAccuracy } = values
  return typeof testAccuracy === 'number' ? `test accuracy ${(100 * testAccuracy).toFixed(1)} %` : ''
}

async function showVerdict (client: Client, { id }: Schemas['Experiment']): Promise<void> {
  const { verdict } = await must(client.api.GET('/v1/experiments/{id}/report', { params: { path: { id } } }))
  const holds = verdict.holds === null ? 'not decided' : verdict.holds ? 'holds' : 'does not hold'
  console.log(`\n${verdict.claim}\n  predicted: ${verdict.predicts}\n  ${holds}: ${verdict.evidence}`)
}

/** Shows the most self-influential training examples and keeps their pictures. */
async function showSuspects (client: Client, { id }: Schemas['Experiment'], model: Schemas['Model']): Promise<void> {
  const ranking = await must(client.api.GET('/v1/models/{id}/self-influence', { params: { path: { id: model.id }, query: { limit: SHOWN } } }))
  if (!('items' in ranking)) throw new Error(`The ranking takes longer: look at /v1/queries/${ranking.queryId}`)
  const folder = path.join(tmpdir(), 'descent-lab-demo', id)
  await mkdir(folder, { recursive: true })
  console.log(`\nThe ${ranking.items.length} of ${ranking.total} training examples that the model had to learn by heart:\n`)
  console.log('  rank  example  told it is  really is  self-influence  picture')
  for (const { rank, index, label, trueLabel, score } of ranking.items) {
    const file = path.join(folder, `${String(rank).padStart(2, '0')}-example-${index}.png`)
    await writeFile(file, await getPicture(client, model.datasetId!, index))
    const really = trueLabel === undefined ? '' : `${trueLabel} (!)`
    console.log(`  ${String(rank).padStart(4)}  ${String(index).padStart(7)}  ${String(label).padStart(10)}  ${really.padStart(9)}  ${score.toPrecision(4).padStart(14)}  ${file}`)
  }
  const wrong = ranking.items.filter(item => item.trueLabel !== undefined).length
  console.log(`\n${wrong} of them carry a label that was made wrong on purpose.`)
  console.log(`Each is at /v1/datasets/${model.datasetId}/examples/train/{example} (Accept: image/png).`)
}

/** Asks one question: which training digits made the model read the first test digit as it does? */
async function showInfluence (client: Client, { id }: Schemas['Model']): Promise<void> {
  const answer = await must(client.api.POST('/v1/models/{id}/influence', {
    params: { path: { id } }, body: { queries: [{ split: 'test', index: 0 }], topK: 3 }
  }))
  if (!('results' in answer)) return // it takes longer than two seconds here, and this is only a taste
  const [{ prediction, proponents, opponents }] = answer.results as [Schemas['InfluenceResponse']['results'][number]]
  const say = (examples: Schemas['ScoredExample'][]) => examples.map(({ index, label, score }) => `${index} (a ${label}, ${score.toPrecision(3)})`).join(', ')
  if (prediction.head === 'classes') console.log(`\nThe model reads test digit 0 as ${prediction.labelName}.`)
  console.log(`  For it spoke the training examples ${say(proponents)}.\n  Against it spoke ${say(opponents)}.`)
}

/** The model that was trained on the wrong labels. */
async function findModel (client: Client, experimentId: string): Promise<Schemas['Model']> {
  const { items } = await must(client.api.GET('/v1/models', { params: { query: { experimentId } } }))
  const models = await Promise.all(items.map(async ({ id }) => await must(client.api.GET('/v1/models/{id}', { params: { path: { id } } }))))
  const model = models.find(one => (one.trainingView?.relabelled.indices.length ?? 0) > 0) ?? models[0]
  if (model === undefined) throw new Error('The experiment left no model')
  return model
}

async function getPicture (client: Client, datasetId: string, index: number): Promise<Uint8Array> {
  const picture = await must(client.api.GET('/v1/datasets/{id}/examples/{split}/{index}', {
    params: { path: { id: datasetId, split: 'train', index } }, headers: { accept: 'image/png' }, parseAs: 'arrayBuffer'
  }))
  return new Uint8Array(picture)
}
