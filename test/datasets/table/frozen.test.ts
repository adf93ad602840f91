/** Data sets of numbers have the bytes that they had before tables could hold anything else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepare, upload } from '../files.js'
import type { CsvOptions } from './tables.js'

const big = Array.from({ length: 6000 }, (_, i) => `${(i * 7919 % 1000) / 8},${-i},${i % 13}e-2,${['x', 'y', 'z'][i % 3]}`).join('\n')
const words = ['NA', 'null', '__proto__', 'é', '🐈'].flatMap((name, i) => [`${i},${name}`, `${i + 10},${name}`]).join('\n')
const flowers = 'sepal,petal,kind\n5.1,1.4,setosa\n7,4.7,versicolor\n6.3,6,virginica\n4.9,1.5,setosa\n'

/** sha-256 of the stored files, written down on 2026-11-28 from what the reader of numbers alone had made (commit f2230a8). */
const frozen: [fact: string, sha256: string, text: string, options: CsvOptions, test?: string][] = [
  ['names and classes', '9c3730ce91d9818f5eb918950b5c67bb9aca405150abc0ae06e19fc189e0324a', flowers, { testCount: 1 }],
  ['numbers as classes, no names', 'd33f41c3a6975e6f2d6665b58a48d2c115a54d53b6bd5b524db6110fd2cb3a88', '1,10\n2,9\n3,2\n4,10\n', {}],
  ['the class first, semicolons', '61a32aad02f53a05385ac7e9b0bcd5fac1b2a07425aa0ead0cbb2d5b11f2e841', 'kind;a;b\nx;1;2\ny;3;4\nx;5;6\n', { labelColumn: '0', testCount: 1, seed: 5 }],
  ['many rows', '561f4fa3cddf25bbddd060537217e63d91c7e8535a4696cfea3bd8585de7965c', `a,b,c,label\n${big}`, { testFraction: 0.25, seed: 2 }],
  ['many rows, no names', 'b305ed3c93eb8190314e80da5287f675189eb4a10728d021d0e2cc28c4d66c05', big, {}],
  ['a test file', 'ac796e31fe67aee8f642d26b533c9693fd6dbdc9668852f68fc6f4fe763bd36d', 'a,b\n1,x\n2,y\n', {}, 'a,b\n3,y\n'],
  ['odd class names', 'dcb59ea4c8dfb288ed95232f2d08d196dd329428acef02e80a9fbec5df47558a', `x,label\n${words}`, { testCount: 2 }]
]

for (const [fact, sha256, text, options, testText] of frozen) {
  test(`prepareTable: a table of numbers keeps its bytes: ${fact}`, async t => {
    const files = { train: await upload(t, 'train.csv', text), ...(testText === undefined ? {} : { test: await upload(t, 'test.csv', testText) }) }
    const { bytes } = await prepare(t, { type: 'upload', format: 'csv', files, options })
    const digest = await crypto.subtle.digest('SHA-256', bytes)
    assert.equal(Buffer.from(digest).toString('hex'), sha256)
  })
}
