/** The builders of schemas against TypeBox itself, member by member in the same order: the API's document is made of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type as TypeBox } from 'typebox'
import { Type } from '../../src/schema/type.js'

type Builders = typeof Type

/** Every builder bare and with options, alone and inside each other. */
const samples: Record<keyof Builders, (type: Builders) => unknown[]> = {
  Array: type => [type.Array(type.Integer()), type.Array(type.Array(type.String()), { minItems: 1, description: 'rows' })],
  Boolean: type => [type.Boolean(), type.Boolean({ default: true })],
  Enum: type => [type.Enum(['a', 'b']), type.Enum(['NaN', 'Infinity'], { description: 'no number' })],
  Integer: type => [type.Integer(), type.Integer({ minimum: 1, default: 2 })],
  Literal: type => [type.Literal('a'), type.Literal(3), type.Literal(true, { description: 'always' })],
  Null: type => [type.Null(), type.Null({ description: 'none' })],
  Number: type => [type.Number(), type.Number({ exclusiveMinimum: 0 })],
  Object: type => [
    type.Object({}),
    type.Object({ a: type.Integer(), b: type.Optional(type.String()) }, { additionalProperties: false, description: 'two' }),
    type.Object({ a: type.Optional(type.Integer()) }), // nothing is required
    type.Object({ a: { ...type.Optional(type.Integer()), title: 'copied' } }) // a copy is optional no more
  ],
  Optional: type => [type.Optional(type.Integer({ default: 1 })), type.Object({ a: type.Optional(type.Optional(type.Null())) })],
  Record: type => [type.Record(type.String(), type.Number()), type.Record(type.String(), type.Unknown(), { minProperties: 1 })],
  String: type => [type.String(), type.String({ format: 'uuid', type: 'string' })],
  Tuple: type => [type.Tuple([type.Integer(), type.Null()]), type.Tuple([], { description: 'nothing' })],
  Union: type => [type.Union([type.Null(), type.Object({ a: type.Null() })]), type.Union([type.Integer()], { default: null })],
  Unknown: type => [type.Unknown(), type.Unknown({ description: 'whatever' })],
  Unsafe: type => [
    type.Unsafe({ type: 'string', enum: ['a'] }),
    type.Object({ a: type.Optional(type.Unsafe(type.Record(type.String(), type.Null()))), b: type.Unsafe(type.Integer()) })
  ]
}

test('Type: every builder gives the JSON that TypeBox gives', () => {
  assert.deepEqual(Object.keys(Type).sort(), Object.keys(samples).sort(), 'every builder has samples')
  for (const [name, make] of Object.entries(samples)) {
    assert.equal(JSON.stringify(make(Type)), JSON.stringify(make(TypeBox as unknown as Builders)), name)
  }
})
