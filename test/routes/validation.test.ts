/** What callers are told about broken requests, rule by rule. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from '../../src/schema/type.js'
import { choice, taggedUnion } from '../../src/choices.js'
import { compileCheck, findUnstorable, sayViolation, violationError } from '../../src/routes/validation.js'

const closed = { additionalProperties: false }
const Network = taggedUnion([
  Type.Object({ type: Type.Literal('mlp'), hidden: Type.Array(Type.Integer({ minimum: 1 }), { default: [32] }) }, closed),
  Type.Object({ type: Type.Literal('cnn'), filters: Type.Integer({ minimum: 1, default: 8 }), dropout: Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0 }) }, closed)
])
const Spec = Type.Object({
  learningRate: Type.Number({ exclusiveMinimum: 0, default: 0.1 }),
  epochs: Type.Integer({ minimum: 1 }),
  noise: Type.Optional(choice(['none', 'random'])),
  slots: Type.Optional(Type.Union([Type.Literal('all'), Type.Integer({ minimum: 1 })])),
  network: Type.Optional(Network),
  layers: Type.Optional(Type.Array(Type.Union([
    Type.Object({ type: Type.Literal('dense'), units: Type.Integer({ minimum: 1 }) }, closed),
    Type.Object({ type: Type.Literal('flatten') }, closed)
  ]))),
  data: Type.Optional(Type.Union([
    Type.Object({ datasetId: Type.String({ format: 'uuid' }) }, closed), Type.Object({ generator: Network }, closed)
  ])),
  limit: Type.Optional(Type.Union([Type.Integer(), Type.Null()]))
}, closed)

/** [what is sent, what is said about it]; epochs: 1 is added where it is missing. */
const refused: [object, string | string[]][] = [
  [{ learningRate: -0.1 }, 'spec.learningRate must be > 0, got -0.1'],
  [{ learningRate: 'NaN' }, 'spec.learningRate must be number, got "NaN"'],
  [{ learningRate: Infinity }, 'spec.learningRate must be number, got "Infinity"'],
  [{ epochs: 0 }, 'spec.epochs must be >= 1, got 0'],
  [{ epochs: 1.5 }, 'spec.epochs must be integer, got 1.5'],
  [{ epochs: '3' }, 'spec.epochs must be integer, got "3"'],
  [{ epochs: undefined }, 'spec.epochs is required'],
  [{ learningrate: 0.1 }, 'spec.learningrate is not a known field; did you mean learningRate?, got 0.1'],
  [{ colour: 'red' }, 'spec.colour is not a known field; known are learningRate, epochs, noise, slots, network, layers, data, limit, got "red"'],
  [{ noise: 'rnd' }, 'spec.noise must be one of none, random, got "rnd"'],
  [{ slots: 'some' }, 'spec.slots must be "all" or number, got "some"'],
  [{ slots: 0 }, 'spec.slots must be >= 1, got 0'],
  [{ slots: true }, 'spec.slots must be "all" or number, got true'],
  [{ network: { type: 'rnn' } }, 'spec.network.type must be one of mlp, cnn, got "rnn"'],
  [{ network: {} }, 'spec.network.type is required'],
  [{ network: 'mlp' }, 'spec.network must be object, got "mlp"'],
  [{ network: { type: 'cnn', hidden: [3] } }, 'spec.network.hidden is not a known field; known are type, filters, dropout, got [3]'],
  [{ network: { type: 'mlp', hidden: [8, 0] } }, 'spec.network.hidden[1] must be >= 1, got 0'],
  [{ layers: [{ type: 'flatten' }, { type: 'dense' }] }, 'spec.layers[1].units is required'],
  [{ layers: [{ type: 'dense', units: 3, unit: 4 }] }, 'spec.layers[0].unit is not a known field; did you mean units?, got 4'],
  [{ data: {} }, 'spec.data must have one of datasetId, generator, got {}'],
  [{ data: { datasetId: 'mine' } }, 'spec.data.datasetId must match format "uuid", got "mine"'],
  [{ data: { generator: { type: 'cnn', filters: -1 } } }, 'spec.data.generator.filters must be >= 1, got -1'],
  [{ limit: 'x' }, 'spec.limit must be number or null, got "x"'],
  [{ learningRate: 0, epochs: -1 }, ['spec.learningRate must be > 0, got 0', 'spec.epochs must be >= 1, got -1']]
]

test('compileCheck: every broken rule is named by path, rule and what was got', () => {
  const check = compileCheck(Spec, { root: 'spec' })
  for (const [spec, said] of refused) {
    const value = { epochs: 1, ...spec }
    if (value.epochs === undefined) delete (value as { epochs?: number }).epochs
    assert.deepEqual(check(value).map(sayViolation), [said].flat(), JSON.stringify(spec))
  }
})

test('compileCheck: fills defaults, also within the branch that the discriminator chooses', () => {
  const check = compileCheck(Spec, { root: 'spec' })
  const spec = { epochs: 2, network: { type: 'cnn' }, data: { generator: { type: 'mlp' } } }
  assert.deepEqual(check(spec), [])
  assert.deepEqual(spec, {
    epochs: 2, learningRate: 0.1, network: { type: 'cnn', filters: 8, dropout: 0 }, data: { generator: { type: 'mlp', hidden: [32] } }
  })
})

test('compileCheck: takes bodies literally, and coerces text where it is told to', () => {
  const Query = Type.Object({
    limit: Type.Integer(), type: Type.Optional(Type.Array(Type.String())), validate: Type.Optional(Type.Boolean())
  }, closed)
  const literal = { limit: '5' }
  assert.equal(compileCheck(Query)(literal).length, 1)
  const text = { limit: '5', type: 'state', validate: 'true' }
  assert.deepEqual(compileCheck(Query, { coerce: true })(text), [])
  assert.deepEqual(text, { limit: 5, type: ['state'], validate: true })
})

test('compileCheck: a large wrong value is summarised', () => {
  const check = compileCheck(Type.Object({ seed: Type.Integer() }, closed))
  assert.equal(check({ seed: Array.from({ length: 1000 }, () => 0) })[0]!.got, 'an array of 1000')
  assert.ok(String(check({ seed: 'x'.repeat(5000) })[0]!.got).length < 250)
})

test('violationError: lists at most twenty rules and counts the others', () => {
  const check = compileCheck(Type.Array(Type.Integer()))
  const error = violationError('invalid_request', check(Array.from({ length: 50 }, () => 'x')))
  assert.equal(error.extra.errors!.length, 20)
  assert.match(error.detail, /^\[0\] must be integer, got "x" \(and \d+ more\)$/)
})

test('findUnstorable: finds control characters, lone surrogates and endless nesting, by path', () => {
  for (const code of [0, 1, 8, 0x0b, 0x1b, 0x1f, 0x7f, 0x80, 0x9f, 0xd800, 0xdfff, 0xfffe, 0xffff]) {
    assert.match(String(findUnstorable(`ab${String.fromCharCode(code)}`)?.got), / at position 2$/, code.toString(16))
  }
  assert.equal(findUnstorable('tab\tand line\r\nends, \u00a0 é \u2028 \u{1F389} \ufffd'), undefined)
  assert.equal(findUnstorable({ a: [1, { b: 'x\0y' }] })!.path, 'a[1].b')
  assert.equal(findUnstorable({ tags: ['fine', '\ud800'] })!.path, 'tags[1]')
  assert.equal(findUnstorable({ '\0': 1 })!.path, 'a name in body')
  let deep: unknown = 'x'
  for (let i = 0; i < 100_000; i++) deep = [deep]
  assert.match(findUnstorable(deep)!.rule, /nested at most 50 deep/)
  assert.equal(findUnstorable({ name: 'Zoë 🎉', numbers: [1, 2, null, true] }), undefined)
})
