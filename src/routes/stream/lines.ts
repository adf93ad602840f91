/** Frames made ready for sending: each is encoded once, however many clients get it. */
import type { Frame } from '../../storage/events.js'
import type { StreamNotice } from '../schemas/events.js'

/** A frame as bytes. */
export interface Line {
  /** JSON, the payload of a WebSocket message */
  readonly json: Buffer
  /** the same as a Server-Sent Event, made when it is first asked for */
  readonly serverSent: Buffer
}

/** An event ready for sending, with what a stream must know of it. */
export interface EventLine extends Line {
  seq: number
  type: string
  trialId: string | null
  /** the state of the experiment from here on, where this event says it */
  state?: string | undefined
}

/** Encodes a notice. What was skipped need not be sent again after a reconnect, so it moves an EventSource's cursor. */
export function toNoticeLine (notice: StreamNotice): Line {
  return encode(notice, notice.type === 'skipped' ? notice.to : undefined)
}

/** Encodes an event. Its number is its id, so that a browser's EventSource comes back with Last-Event-ID. */
export function toEventLine (frame: Frame): EventLine {
  const { seq, type, trialId, data } = frame
  const state = type === 'state' && trialId === null ? String(data.state) : undefined
  return Object.assign(encode(frame, seq), { seq, type, trialId, state })
}

function encode (frame: Frame | StreamNotice, id: number | undefined): Line {
  return new EncodedLine(Buffer.from(JSON.stringify(frame)), id)
}

/** A class for its getter: one on every object of a page would cost more than the encoding. */
class EncodedLine implements Line {
  #serverSent: Buffer | undefined

  constructor (readonly json: Buffer, private readonly id: number | undefined) {}

  get serverSent (): Buffer {
    const id = this.id === undefined ? '' : `id: ${this.id}\n`
    this.#serverSent ??= Buffer.concat([Buffer.from(`${id}data: `), this.json, Buffer.from('\n\n')])
    return this.#serverSent
  }
}
