/** A problem of networks for tests: three classes of numbers, learned in steps of 8 examples. */
export const smallNetwork = {
  type: 'network',
  data: { generator: { type: 'blobs', classes: 3, features: 4, train: 60, test: 20, spread: 0.5, seed: 1 } },
  network: { type: 'mlp', hidden: [8] },
  batchSize: 8
}
