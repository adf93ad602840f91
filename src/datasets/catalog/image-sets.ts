/**
 * MNIST, Fashion-MNIST and CIFAR-10. The SHA-256 of the files are those of the files whose MD5 torchvision, Zalando and
 * the University of Toronto publish.
 */
import { numberedClasses } from '../classes.js'
import type { Fields } from '../description.js'
import type { CatalogEntry, CatalogFile } from './entry.js'

const idxNames = {
  trainImages: 'train-images-idx3-ubyte.gz',
  trainLabels: 'train-labels-idx1-ubyte.gz',
  testImages: 't10k-images-idx3-ubyte.gz',
  testLabels: 't10k-labels-idx1-ubyte.gz'
}

export const mnist: CatalogEntry = {
  id: 'mnist',
  title: 'MNIST: handwritten digits',
  licence: 'Not stated where it is published; often cited as CC BY-SA 3.0 (Y. LeCun, C. Cortes)',
  home: 'http://yann.lecun.com/exdb/mnist/',
  description: { fields: pictures([28, 28, 1], numberedClasses(10).names), counts: { train: 60_000, test: 10_000 } },
  reader: 'idx',
  files: idxFiles(['https://ossci-datasets.s3.amazonaws.com/mnist', 'https://storage.googleapis.com/cvdf-datasets/mnist'], {
    trainImages: [9_912_422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'],
    trainLabels: [28_881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'],
    testImages: [1_648_877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'],
    testLabels: [4542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6']
  }),
  sha256: '79afe696efb63c886be69e5f0267684fd1832fc93b89bdd909dac2d2dec81b6d'
}

export const fashionMnist: CatalogEntry = {
  id: 'fashion-mnist',
  title: 'Fashion-MNIST: pictures of clothes',
  licence: 'MIT (Zalando SE)',
  home: 'https://github.com/zalandoresearch/fashion-mnist',
  description: {
    fields: pictures([28, 28, 1], [
      'T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'
    ]),
    counts: { train: 60_000, test: 10_000 }
  },
  reader: 'idx',
  files: idxFiles([
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com',
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion'
  ], {
    trainImages: [26_421_880, '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'],
    trainLabels: [29_515, 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'],
    testImages: [4_422_102, '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'],
    testLabels: [5148, '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5']
  })
}

export const cifar10: CatalogEntry = {
  id: 'cifar-10',
  title: 'CIFAR-10: small photographs of ten kinds of things',
  licence: 'None stated; its author asks to cite A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009',
  home: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  description: {
    fields: pictures([32, 32, 3], ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']),
    counts: { train: 50_000, test: 10_000 }
  },
  reader: 'cifar',
  files: {
    archive: {
      name: 'cifar-10-binary.tar.gz',
      sizeBytes: 170_052_171,
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      places: ['https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz']
    }
  }
}

function idxFiles (
  folders: string[], files: Record<keyof typeof idxNames, [sizeBytes: number, sha256: string]>
): Record<string, CatalogFile> {
  return Object.fromEntries(Object.entries(idxNames).map(([role, name]) => {
    const [sizeBytes, sha256] = files[role as keyof typeof idxNames]
    return [role, { name, sizeBytes, sha256, places: folders.map(folder => `${folder}/${name}`) }]
  }))
}

function pictures (shape: number[], names: string[]): Fields {
  return { inputs: { type: 'image', shape, dtype: 'uint8' }, target: { type: 'classes', names } }
}
