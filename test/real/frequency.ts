/**
 * The frequency principle on MNIST, over HTTP: a dense and a convolutional network, trained by SGD, Adam and L-BFGS, fit
 * the low frequencies of the digits' classes before the high ones. Called by check.ts with its service and its aims.
 */
import assert from 'node:assert/strict'
import { follow, type Service } from '../helpers/service.js'

type Aim = (name: string, value: number, is: 'at least' | 'at most', limit: number) => void

interface Band { group: string, label: string, frequency: number, isNoise?: boolean, constant?: number, shuffled?: { median: number } }

interface Order { group: string, ordered: boolean | null }

interface Trial {
  arm: string
  result: { bands: Band[], orders: Order[], data: { accuracy: number, lowFirst: { group: string, share: number }[] } }
}

const networks = {
  MLP: { network: { type: 'mlp', hidden: [128] }, loss: 'squared' },
  // of softmax cross-entropy, so that its models can be asked for influence as well
  CNN: {
    network: { type: 'cnn', layers: [{ type: 'conv', filters: 8 }, { type: 'max-pool' }, { type: 'dense', units: 32 }] }, loss: 'cross-entropy'
  }
}

/**
 * Runs both experiments, 5 to 8 s per trial on two cores, and asserts what they show.
 * @param datasetId  MNIST, as uploaded by the caller
 * @param aim        prints a figure beside its aim, and asserts it
 */
export async function checkFrequencyPrinciple (service: Service, datasetId: string, aim: Aim): Promise<void> {
  for (const [name, { network, loss }] of Object.entries(networks)) {
    const { id } = await service.json('POST', '/v1/experiments', {
      kind: 'frequency-principle',
      spec: {
        data: { datasetId },
        target: { type: 'data', trainExamples: 1000, batchSize: 50, network, loss },
        optimizers: [
          { type: 'sgd', learningRate: 0.05, momentum: 0.5, epochs: 40 }, { type: 'adam', learningRate: 0.001, epochs: 20 }, { type: 'lbfgs', steps: 60 }
        ],
        spectrum: { threshold: 0.6, recordsPerDecade: 20 },
        seeds: [0]
      }
    })
    const frames = await follow(service, id)
    const experiment = await service.json('GET', `/v1/experiments/${id}`)
    assert.equal(experiment.state, 'succeeded', JSON.stringify(experiment.failure))
    const ids = [...new Set(frames.flatMap(({ trialId }) => trialId ?? []))]
    const trials = await Promise.all(ids.map(trial => service.json<Trial>('GET', `/v1/trials/${trial}`)))
    assert.equal(trials.length, 3)
    checkNulls(name, trials[0]!.result.bands, aim)
    for (const { arm, result: { orders, data } } of trials) {
      // Of the few bands along a projection that are more than noise one seed says little: check:claims takes five.
      for (const { group, ordered } of orders) assert.ok(ordered !== false || group === 'projection', `${name}, ${arm}, ${group}`)
      for (const { group, share } of data.lowFirst) {
        // Along the projection, means taken off, more often than not.
        aim(`${name}, ${arm}, ${group}: part of the training with e_low < e_high`, share, 'at least', group === 'projection' ? 0.5 : 0.85)
      }
      aim(`${name}, ${arm}: accuracy on the 1000 digits`, data.accuracy, 'at least', 0.9)
    }
    const { verdict } = await service.json('GET', `/v1/experiments/${id}/report`)
    process.stdout.write(`  ${verdict.evidence}\n`)
    assert.equal(verdict.holds, null) // of one seed there is no interval
    const { items } = await service.json('GET', `/v1/models?experimentId=${id}`)
    const stored = (items as { name: string, datasetId: string | null }[]).map(model => model.datasetId)
    // Targets of squared loss are one-hot vectors, which the data set does not have.
    assert.deepEqual(stored, Array(3).fill(loss === 'squared' ? null : datasetId))
  }
}

/**
 * What nulls show on 1,000 digits: a predictor that says how frequent the classes are has learned nothing; shuffled labels
 * have 1 / sqrt(n) at every frequency of the projection, within a fifth, and at the high ones the labels have no more.
 */
function checkNulls (name: string, bands: Band[], aim: Aim): void {
  for (const band of bands) aim(`${name}, ${band.group} ${band.label}: error of a constant, from 1`, Math.abs(band.constant! - 1), 'at most', 1e-6)
  for (const { frequency, shuffled } of bands.filter(({ group, frequency }) => group === 'projection' && frequency >= 8)) {
    const off = Math.abs(shuffled!.median * Math.sqrt(1000) - 1)
    aim(`${name}, projection ${frequency}: amplitude of shuffled labels, off 1 / sqrt(n) by`, off, 'at most', 0.2)
  }
  assert.ok(bands.filter(({ group, frequency }) => group === 'projection' && frequency >= 16).every(({ isNoise }) => isNoise), JSON.stringify(bands))
  assert.ok(bands.some(({ group, isNoise }) => group === 'projection' && !isNoise), 'the low ones are more than noise')
}
