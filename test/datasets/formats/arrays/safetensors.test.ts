/** The rules of safetensors, one by one: what other readers refuse is refused here, by name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { prepareArrays } from './uploads.js'

/** A file of any header. */
function file (header: unknown, data: Buffer | number = 0, { length }: { length?: bigint } = {}): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const head = Buffer.alloc(8)
  head.writeBigUInt64LE(length ?? BigInt(json.length))
  return Buffer.concat([head, json, typeof data === 'number' ? Buffer.alloc(data) : data])
}

const tensor = (dtype: string, shape: unknown, from: number, to: number) => ({ dtype, shape, data_offsets: [from, to] })
const x = tensor('F32', [2, 2], 0, 16)

const types: [dtype: string, data: Buffer, values: number[]][] = [
  ['BF16', Buffer.from(Uint16Array.of(0x3f80, 0xc020, 0x0000, 0x7f7f).buffer), [1, -2.5, 0, 3.3895313892515355e38]],
  ['F16', Buffer.from(Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x7bff).buffer), [1, -2.5, 2 ** -24, 65504]],
  ['F64', Buffer.from(Float64Array.of(1, -2.5, 0.1, 1e30).buffer), [1, -2.5, Math.fround(0.1), Math.fround(1e30)]],
  ['I64', Buffer.from(BigInt64Array.of(1n, -2n, 2n ** 60n, 0n).buffer), [1, -2, 2 ** 60, 0]],
  ['U64', Buffer.from(BigUint64Array.of(1n, 2n, 2n ** 63n, 0n).buffer), [1, 2, 2 ** 63, 0]],
  ['U16', Buffer.from(Uint16Array.of(1, 2, 65535, 0).buffer), [1, 2, 65535, 0]],
  ['I8', Buffer.from(Int8Array.of(1, -2, -128, 0).buffer), [1, -2, -128, 0]],
  ['BOOL', Buffer.of(1, 0, 0, 1), [1, 0, 0, 1]]
]
for (const [dtype, data, values] of types) {
  test(`arrays: ${dtype} of safetensors, plain and gzip`, async t => {
    const content = file({ x: tensor(dtype, [4, 1], 0, data.length), __metadata__: { by: 'hand' } }, data)
    for (const train of [content, gzipSync(content)]) {
      const { bytes } = await prepareArrays(t, { train }, { arrays: { train: { inputs: 'x' }, test: { inputs: 'x' } } })
      assert.deepEqual(Buffer.from(bytes.slice(-16)), Buffer.from(Float32Array.from(values).buffer))
    }
  })
}

const refused: [what: string, content: Buffer, detail: RegExp][] = [
  ['metadata that is not text', file({ x, __metadata__: { epoch: 3 } }, 16), /every value of __metadata__ must be a string/],
  ['metadata that is a list', file({ x, __metadata__: [] }, 16), /__metadata__ must be a JSON object/],
  ['a gap', file({ x, y: tensor('F32', [1], 20, 24) }, 24), /the bytes of "y" must begin at 16, without gap or overlap, got 20/],
  ['an overlap', file({ x, y: tensor('F32', [1], 12, 16) }, 16), /the bytes of "y" must begin at 16, without gap or overlap, got 12/],
  ['a begin that is not 0', file({ x: tensor('F32', [2], 4, 12) }, 12), /must begin at 0/],
  ['bytes behind the last array', file({ x }, 20), /the file must have \d+ bytes, got \d+/],
  ['a cut file', file({ x }, 15), /the file must have \d+ bytes, got \d+/],
  ['offsets that do not fit the shape', file({ x: tensor('F32', [2, 3], 0, 16) }, 16), /"x" of F32 \[2, 3\] must have 24 bytes, got 16/],
  ['offsets that run backwards', file({ x: tensor('F32', [2], 8, 0) }, 8), /"x" must have dtype, shape and data_offsets/],
  ['a shape of text', file({ x: tensor('F32', '22', 0, 16) }, 16), /"x" must have dtype, shape and data_offsets/],
  ['sizes that are no whole numbers', file({ x: tensor('F32', [0.5, 8], 0, 16) }, 16), /"x" must have dtype, shape and data_offsets/],
  ['a tensor that is a list', file({ x: [] }, 0), /"x" must be a JSON object/],
  ['a header that is no JSON', file('{"x": ', 0), /JSON/],
  ['a header that is not there', file({ x }, 0, { length: 5000n }), /the header must have 5000 bytes, got \d+/],
  ['a header of a petabyte', file({ x }, 16, { length: 2n ** 50n }), /the file must be NPZ, NPY or safetensors/],
  ['a header that is no UTF-8', Buffer.concat([Buffer.of(8, 0, 0, 0, 0, 0, 0, 0), Buffer.from('{"\xff": 1}', 'latin1')]), /encoded data was not valid/],
  ['another type', file({ x: tensor('F8_E4M3', [4], 0, 4) }, 4), /the array "x" must have a dtype of .* got F8_E4M3/],
  ['no elements', file({ x: tensor('F32', [0, 2], 0, 0) }, 0), /every axis of the array "x" must have 1 element or more, got \[0, 2\]/],
  ['a bool that is none', file({ x: tensor('BOOL', [2], 0, 2) }, Buffer.of(1, 7)), /element \[1\] must be .* got 7/],
  ['too many arrays', file(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, tensor('U8', [1], i, i + 1)])), 1001), /at most 1000 arrays, got 1001/]
]
for (const [what, content, detail] of refused) {
  test(`arrays: refuses safetensors with ${what}`, async t => {
    await assert.rejects(prepareArrays(t, { train: content }), { code: 'invalid_dataset', detail })
  })
}
