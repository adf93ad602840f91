/** A stored data set as something that another one is made of: its file is read by the piece, as often as need be. */
import { open } from 'node:fs/promises'
import path from 'node:path'
import { nameInFile, readWords, type IncomingDataset, type IncomingSplit } from '../dataset-file.js'
import type { DatasetDescription } from '../dataset.js'
import { readPieces } from '../files.js'
import { readHeaderLength, readSafetensorsHeader } from '../../storage/safetensors.js'

/** A parent as its row says. Its file lies in the folder of the job, under its sha-256. */
export interface Parent { id: string, teamId: string, name: string, source: unknown, blobSha: string, description: DatasetDescription }

/** Opens a parent; nothing is read but the head of its file. */
export async function openParent (folder: string, { blobSha, description }: Parent): Promise<IncomingDataset> {
  const file = path.join(folder, blobSha)
  const { places } = readSafetensorsHeader(await readRange(file, 0, 8 + readHeaderLength(await readRange(file, 0, 8))))
  const { fields, counts } = description
  const split = (name: 'train' | 'test'): IncomingSplit => ({
    count: counts[name],
    fields: Object.fromEntries(Object.keys(fields).map(field => {
      const { start, end } = places[nameInFile(name, field)]!
      return [field, () => readPieces(file, start, end)]
    }))
  })
  const words = await readWords({ readRange: async (_, start, length) => await readRange(file, start, length) }, blobSha)
  return { description: { fields, counts }, train: split('train'), test: split('test'), ...(words ? { words } : {}) }
}

async function readRange (file: string, start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await open(file)
  try {
    const bytes = new Uint8Array(length)
    await handle.read(bytes, 0, length, start)
    return bytes
  } finally {
    await handle.close()
  }
}
