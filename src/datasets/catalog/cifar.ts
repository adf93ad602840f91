/**
 * CIFAR-10's binary version: a tar.gz with six batches of records of a label and 3 x 32 x 32 bytes, plane by plane. Pixels
 * go from the archive to a spool; only labels lie in memory. Source: A. Krizhevsky, www.cs.toronto.edu/~kriz/cifar.html.
 */
import path from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { concatenate } from '../concatenate.js'
import { inMemory, type IncomingDataset, type IncomingSplit, type ReadContext } from '../dataset-file.js'
import type { Fields } from '../description.js'
import { readUploaded } from '../files.js'
import { broken, type UploadedFile } from '../limits.js'
import { openSpool } from '../spool.js'

const PIXELS = 32 * 32
const CHANNELS = 3
const RECORD = 1 + CHANNELS * PIXELS
const BATCH = /^(data_batch_[1-5]|test_batch)\.bin$/

/** @throws AppError invalid_dataset when the archive lacks a batch, or one has half a record or a class that there is none of */
export async function readCifar (file: UploadedFile, fields: Fields, context: ReadContext): Promise<IncomingDataset> {
  const batches = new Map<string, IncomingSplit>() // they stand in no order
  const unpacked = extract()
  pipeline(Readable.from(readUploaded(file, context.tally)), unpacked, () => {}) // its errors come out of the archive
  for await (const entry of unpacked) {
    const name = path.posix.basename(entry.header.name)
    if (BATCH.test(name)) batches.set(name, await readBatch(entry, name, file, fields, context))
    else entry.resume()
  }
  const names = [...batches.keys()].sort()
  if (names.length < 6) throw broken(file, `the archive must have data_batch_1.bin .. data_batch_5.bin and test_batch.bin, got ${names.join(', ') || 'none'}`)
  const test = batches.get(names.pop()!)!
  const train = concatenate(names.map(name => batches.get(name)!))
  return { description: { fields, counts: { train: train.count, test: test.count } }, train, test }
}

async function readBatch (
  entry: AsyncIterable<unknown>, name: string, file: UploadedFile, { target }: Fields, { folder, tally }: ReadContext
): Promise<IncomingSplit> {
  const spool = openSpool(folder)
  const labels: number[] = []
  const classes = target?.type === 'classes' ? target.names.length : 0
  let rest = Buffer.alloc(0)
  for await (const piece of entry) {
    rest = Buffer.concat([rest, piece as Buffer])
    const whole = Math.floor(rest.length / RECORD)
    tally.addRows(file, whole)
    tally.addCells(file, whole * (RECORD - 1))
    for (let i = 0; i < whole; i++) {
      const record = rest.subarray(i * RECORD, (i + 1) * RECORD)
      if (record[0]! >= classes) throw broken(file, `${name}: the class of record ${labels.length} must be 0 .. ${classes - 1}, got ${record[0]}`)
      labels.push(record[0]!)
      spool.write(interleave(record.subarray(1)))
    }
    rest = rest.subarray(whole * RECORD)
  }
  if (rest.length > 0) throw broken(file, `${name}: it must have whole records of ${RECORD} bytes, got ${rest.length} bytes at its end`)
  return { count: labels.length, fields: { inputs: spool.finish(), target: inMemory(Int32Array.from(labels)) } }
}

/** Planes of red, green and blue to pixels of three bytes. */
function interleave (planes: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(planes.length)
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let i = 0; i < PIXELS; i++) pixels[i * CHANNELS + channel] = planes[channel * PIXELS + i]!
  }
  return pixels
}
