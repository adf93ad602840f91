/**
 * The door to TensorFlow: describes the parts of tfjs-node's backend and binding that it keeps private but the compiler
 * needs. Nothing else in the project touches them. load-native.ts opens it.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { NumericArray } from '../math/arrays.js'

/** A tensor as the binding knows it. Ids are never used twice, so an id is a name. */
export interface TensorMetadata { id: number, shape: number[], dtype: number }

/** An attribute of an op; type is one of the binding's TF_ATTR_* numbers. */
export interface OpAttribute { name: string, type: number, value: boolean | number | string | number[] | boolean[] }

/** The native object of tfjs-node. Its properties are read-only. */
export interface Binding {
  createTensor (shape: number[], dtype: number, values: NumericArray | Uint8Array[]): number
  deleteTensor (id: number): void
  tensorDataSync (id: number): Float32Array | Int32Array | Uint8Array
  executeOp (name: string, attributes: OpAttribute[], inputs: number[], outputs: number): TensorMetadata[]
  loadSavedModel (folder: string, tags: string): number
  deleteSavedModel (session: number): void
  runSavedModel (session: number, inputs: number[], inputNames: string, outputNames: string): TensorMetadata[]
  getNumOfSavedModels (): number
  getNumOfTensors (): number
  isUsingGpuDevice (): boolean
  readonly TF_Version: string
  readonly TF_FLOAT: number
  readonly TF_INT32: number
  readonly TF_UINT8: number
  readonly TF_ATTR_STRING: number
  readonly TF_ATTR_INT: number
  readonly TF_ATTR_FLOAT: number
  readonly TF_ATTR_BOOL: number
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_SHAPE: number
}

/** What tfjs-node keeps of a tensor; `values` are not yet uploaded. */
interface TensorEntry { id: number, dtype: number, values: unknown }

/** The backend object of tfjs-node. */
export interface NodeBackend {
  binding: Binding
  tensorMap: { get (dataId: object): TensorEntry, set (dataId: object, entry: TensorEntry): void }
  /** Uploads what is not yet there and gives the ids. */
  getInputTensorIds (tensors: { dataId: object }[]): number[]
  createOutputTensor (metadata: TensorMetadata): Tensor
}

export interface Native {
  backend: NodeBackend
  /** what the library can compute on */
  flavour: 'cpu' | 'cuda'
  /** the real binding, also while a trace has put its own into the backend */
  binding: Binding
}

/** The binding's id of a tensor; uploads it first where that is still to be done. */
export function idOf ({ backend }: Native, tensor: { dataId: object }): number {
  return backend.getInputTensorIds([tensor])[0]!
}

/** The binding's element type of a tensor: tfjs itself has no uint8 and calls it int32. */
export function typeOf ({ backend }: Native, tensor: { dataId: object }): number {
  return backend.tensorMap.get(tensor.dataId).dtype
}

/** Executes one op of TensorFlow on tensors. @returns one new tensor per output */
export function executeOp ({ backend }: Native, name: string, attributes: OpAttribute[], inputs: Tensor[], outputs = 1): Tensor[] {
  return backend.binding.executeOp(name, attributes, backend.getInputTensorIds(inputs), outputs)
    .map(metadata => backend.createOutputTensor(metadata))
}

/** Short forms of the attributes that are used here. */
export function attributes ({ binding }: Native) {
  return {
    type: (name: string, value: number): OpAttribute => ({ name, type: binding.TF_ATTR_TYPE, value }),
    int: (name: string, value: number): OpAttribute => ({ name, type: binding.TF_ATTR_INT, value }),
    bool: (name: string, value: boolean): OpAttribute => ({ name, type: binding.TF_ATTR_BOOL, value })
  }
}
