/**
 * Writes the few protocol buffer messages that a TensorFlow SavedModel without variables consists of.
 * Field numbers: tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto and
 * tensorflow/core/protobuf/{meta_graph,saved_model}.proto.
 */

type Bytes = Uint8Array

/** An encoded AttrValue of a node. */
export type Attribute = Bytes & { readonly attribute?: never }

export interface Node {
  name: string
  op: string
  /** `name`, `name:output` or `^name` for a control edge; control edges last */
  inputs: string[]
  attributes: Record<string, Attribute>
}

/** Encoders of the kinds of AttrValue. Types are DataType numbers. */
export const attribute = {
  type: (value: number): Attribute => intField(6, value),
  int: (value: number): Attribute => intField(3, value),
  float: (value: number): Attribute => floatField(4, value),
  bool: (value: boolean): Attribute => intField(5, value ? 1 : 0),
  text: (value: string): Attribute => bytesField(2, Buffer.from(value)),
  shape: (value: readonly number[]): Attribute => bytesField(7, shapeMessage(value)),
  ints: (values: readonly number[]): Attribute => bytesField(1, concat(values.map(value => intField(3, value)))),
  floats: (values: readonly number[]): Attribute => bytesField(1, concat(values.map(value => floatField(4, value)))),
  bools: (values: readonly boolean[]): Attribute => bytesField(1, concat(values.map(value => intField(5, value ? 1 : 0)))),
  tensor: (type: number, shape: readonly number[], values: ArrayBufferView): Attribute => bytesField(8, concat([
    intField(1, type),
    bytesField(2, shapeMessage(shape)),
    bytesField(4, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  ]))
}

/** Encodes a SavedModel with one graph under the tag `serve`: no variables folder, no signatures. */
export function savedModel (nodes: readonly Node[]): Bytes {
  const versions = bytesField(4, intField(1, 1395)) // the producer of TensorFlow 2.11; newer ones read it
  const graph = concat([...nodes.map(node => bytesField(1, nodeMessage(node))), versions])
  const metaGraph = concat([bytesField(1, bytesField(4, Buffer.from('serve'))), bytesField(2, graph)])
  return concat([intField(1, 1), bytesField(2, metaGraph)])
}

function nodeMessage ({ name, op, inputs, attributes }: Node): Bytes {
  const entries = Object.entries(attributes).map(([key, value]) =>
    bytesField(5, concat([bytesField(1, Buffer.from(key)), bytesField(2, value)])))
  return concat([
    bytesField(1, Buffer.from(name)),
    bytesField(2, Buffer.from(op)),
    ...inputs.map(input => bytesField(3, Buffer.from(input))),
    ...entries
  ])
}

function shapeMessage (shape: readonly number[]): Bytes {
  return concat(shape.map(size => bytesField(2, intField(1, size))))
}

function intField (field: number, value: number): Bytes {
  return concat([varint(BigInt(field << 3)), varint(BigInt(value))])
}

function floatField (field: number, value: number): Bytes {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return concat([varint(BigInt(field << 3 | 5)), bytes])
}

/** Encodes a field of eight bytes. */
export function doubleField (field: number, value: number): Bytes {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return concat([varint(BigInt(field << 3 | 1)), bytes])
}

/** Encodes a field that is a string, bytes or a message of its own. */
export function bytesField (field: number, bytes: Bytes): Bytes {
  return concat([varint(BigInt(field << 3 | 2)), varint(BigInt(bytes.length)), bytes])
}

/** Seven bits a byte, lowest first; negative numbers as 64-bit two's complement. */
function varint (value: bigint): Bytes {
  const bytes = []
  let rest = BigInt.asUintN(64, value)
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Uint8Array.from(bytes)
}

function concat (parts: readonly Bytes[]): Bytes {
  return Buffer.concat(parts)
}
