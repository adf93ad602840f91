/**
 * The only table of error codes: what is wrong, which HTTP status says so, and what the caller can do about it.
 * Thrown anywhere as `new AppError('not_found', 'model 0190…')`; src/routes/problem.ts turns it into problem+json.
 */

export const errorCodes = {
  invalid_request: { status: 400, title: 'The request does not match the schema', advice: 'See errors: each names the path, the rule and what was got.' },
  invalid_spec: { status: 400, title: 'The spec does not match the schema of its kind', advice: 'See errors; GET /v1/kinds has the schema.' },
  unknown_kind: { status: 400, title: 'There is no such experiment kind', advice: 'GET /v1/kinds lists them.' },
  unknown_preset: { status: 400, title: 'The kind has no such preset', advice: 'GET /v1/kinds lists the presets of every kind.' },
  invalid_cursor: { status: 400, title: 'The cursor was not made by this list', advice: 'Start again without a cursor.' },
  unknown_operation: { status: 404, title: 'The model cannot be asked this', advice: 'Operations belong to the kind that trained a model: GET /v1/models/{id} lists what it can be asked.' },
  unknown_follow_up: { status: 404, title: 'The experiment has no such follow-up', advice: 'Follow-ups belong to the kind of an experiment: GET /v1/kinds lists those of each.' },
  unauthorized: { status: 401, title: 'No valid key', advice: 'Send "Authorization: Bearer <key>", or make a session with POST /v1/session.' },
  forbidden: { status: 403, title: 'The key’s role does not allow this', advice: 'viewer reads, member runs, admin manages keys and quotas.' },
  not_found: { status: 404, title: 'There is no such thing', advice: 'It does not exist, was deleted, or belongs to another team.' },
  method_not_allowed: { status: 405, title: 'The path does not have this method', advice: 'Allow names those that it has.' },
  not_acceptable: { status: 406, title: 'It cannot be given in that form', advice: 'Ask for one of the media types that the documentation names.' },
  conflict: { status: 409, title: 'The present state forbids this', advice: 'Look at the resource and try again when its state allows it.' },
  not_finished: { status: 409, title: 'It has not finished yet', advice: 'Follow the events until the end, then ask again.' },
  in_use: { status: 409, title: 'Something still refers to it', advice: 'Delete what is listed under users first. Trials that read a model or an artifact need it until they end: wait for them, or cancel them.' },
  idempotency_conflict: { status: 409, title: 'The same Idempotency-Key came with another body', advice: 'Use a new key for a new request.' },
  index_missing: { status: 409, title: 'The model has no influence index for this configuration', advice: 'Build one: POST /v1/models/{id}/influence-indexes.' },
  no_checkpoint: { status: 409, title: 'The model has no checkpoint', advice: 'Its trial stores the first one as it trains: follow its events. A trial that failed before that leaves nothing to ask.' },
  no_dataset: { status: 409, title: 'The model was not trained on a stored data set', advice: 'Send raw inputs to predict; influence and attacks need the examples that it was trained on.' },
  quota_exceeded: { status: 409, title: 'A quota of the team is used up', advice: 'Delete something, or ask an admin to raise the quota.' },
  stale: { status: 412, title: 'The resource changed since it was read', advice: 'Read it again and repeat the change with its new ETag.' },
  too_large: { status: 413, title: 'The body is too large', advice: 'MAX_UPLOAD_BYTES bounds uploads; JSON bodies are bounded by 1 MiB, questions to predict, which may be pictures, by 8.' },
  file_missing: { status: 410, title: 'Its bytes are not in the blob store', advice: 'What a trial made comes back by running its experiment again. The operator: is BLOB_STORE the folder that it was? A backup has the file.' },
  range_not_satisfiable: { status: 416, title: 'The range is not within the file', advice: 'Content-Range says how long the file is.' },
  unsupported_media_type: { status: 415, title: 'The body has a type that this route does not read', advice: 'Send application/json, or multipart/form-data where the route says so; not compressed.' },
  invalid_dataset: { status: 422, title: 'The data cannot be read', advice: 'Correct the file that is named; nothing was stored.' },
  data_missing: { status: 422, title: 'The bytes of a data set are not in the blob store', advice: 'Upload the same files with the same options again: the data set has its bytes back then. The operator: is BLOB_STORE the folder that it was?' },
  download_failed: { status: 502, title: 'A file of the catalog could not be downloaded', advice: 'Try again later. The operator: does this machine reach the places that are named? CATALOG_MIRROR sets another one.' },
  unfit_dataset: { status: 422, title: 'The data set is not what the kind works with', advice: 'See errors: each names the reference, what the kind takes and what the data set has.' },
  unfit_artifact: { status: 422, title: 'The artifact is not what the kind works with', advice: 'See errors: each names the reference, what the kind reads and what the artifact is.' },
  invalid_picture: { status: 422, title: 'The picture, its seeds or its strokes cannot be worked with', advice: 'Correct what is named; nothing was stored.' },
  invalid_input: { status: 422, title: 'The input does not fit the model', advice: 'GET /v1/models/{id} says the shape and the number of examples.' },
  non_finite_output: { status: 422, title: 'The model’s answer is not finite', advice: 'Send inputs in the range that the model was trained on, in the data set’s stored units.' },
  internal: { status: 500, title: 'Something went wrong on our side', advice: 'Tell the operator the requestId.' },
  unavailable: { status: 503, title: 'The service cannot answer now', advice: 'Try again in a few seconds.' },
  // Failures of trials and queries: stored with what failed, never an HTTP status of their own.
  non_finite: { status: 500, title: 'A metric became NaN or infinite', advice: 'Lower the learning rate, or look at the data.' },
  unmeasurable: { status: 500, title: 'The data do not have what is to be measured', advice: 'Choose other frequencies, widths or examples: the values of the data decide.' },
  not_deterministic: { status: 500, title: 'A resumed trial did not repeat what was recorded', advice: 'The fingerprint of its attempts shows what changed.' },
  out_of_memory: { status: 500, title: 'The memory of the device did not suffice', advice: 'Make the batch or the network smaller, or run it on a device with more memory; on a GPU that others use, too, free it or raise GPU_MEMORY_PERCENT. The message says what could not be allocated.' },
  worker_died: { status: 500, title: 'The executor died three times without progress between', advice: 'Look at the node’s log; memory is the usual cause.' },
  timed_out: { status: 500, title: 'The trial used up maxSeconds', advice: 'POST …/retry goes on from the last snapshot with the budget anew.' },
  hung: { status: 500, title: 'The trial reached no place from which it can go on', advice: 'Make its steps smaller (batch, network), or raise HUNG_SECONDS; POST …/retry goes on from the last snapshot.' },
  crew_broken: { status: 500, title: 'Threads that work on the trial together lost one of them', advice: 'Its own failure or death is stored with the trial; the node’s log has the details.' },
  trial_error: { status: 500, title: 'The trial’s code threw', advice: 'This is a bug: the message and the log have the details.' }
} as const satisfies Record<string, { status: number, title: string, advice: string }>

export type ErrorCode = keyof typeof errorCodes

/** One broken rule of a request: where, which rule, and what came instead. */
export interface Violation { path: string, rule: string, got: unknown }

export interface ErrorDetails {
  /** broken rules of the request, one by one */
  errors?: Violation[]
  /** what refers to the thing that was to be deleted */
  users?: { type: string, id: string, name: string }[]
  /** the request that would put it right */
  remedy?: { method: string, path: string, body?: unknown }
}

/** Failure as it is stored with a trial, an index or a query. */
export interface Failure { code: ErrorCode, message: string, step?: number }

/**
 * An error that callers may see.
 * @param detail what, where, rule, got: "spec.learningRate must be > 0, got -0.1"
 */
export class AppError extends Error {
  readonly status: number

  constructor (readonly code: ErrorCode, readonly detail: string, readonly extra: ErrorDetails = {}, options?: ErrorOptions) {
    super(`${errorCodes[code].title}: ${detail}`, options)
    this.name = 'AppError'
    this.status = errorCodes[code].status
  }

  toFailure (step?: number): Failure {
    return { code: this.code, message: this.detail, ...(step === undefined ? {} : { step }) }
  }
}

/** A mistake of whoever runs the service: the command line prints the message, without a stack, and ends with 1. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}

/**
 * What a stranger's error becomes when it is stored: an AppError keeps its code, what says that memory ran out has one of
 * its own, anything else gets the one given.
 */
export function toFailure (error: unknown, otherwise: ErrorCode = 'trial_error'): Failure {
  if (error instanceof AppError) return error.toFailure()
  const message = error instanceof Error ? error.message : String(error)
  if (memoryRanOut.test(message)) return { code: 'out_of_memory', message: message.replace(/^(Invalid TF_Status: 8\nMessage|Session fail to run with error): /, '') }
  return { code: otherwise, message }
}

/**
 * TensorFlow's binding for RESOURCE_EXHAUSTED (8), as in "Invalid TF_Status: 8\nMessage: OOM when allocating tensor with
 * shape[1048576,1048576] and type float on ...device:CPU:0 by allocator mklcpu"; CUDA's own word from below the
 * allocator; V8's for a buffer.
 */
const memoryRanOut = /^Invalid TF_Status: 8\b|\bOOM when allocating|\bfailed to allocate memory|CUDA_ERROR_OUT_OF_MEMORY|Array buffer allocation failed/

/** A value longer than this in JSON is summarised instead of repeated. */
const LONGEST_GOT = 200

/** What came, for a message: as it is when it is short. */
export function summarise (value: unknown): unknown {
  if (Array.isArray(value) && JSON.stringify(value).length > LONGEST_GOT) return `an array of ${value.length}`
  if (typeof value === 'string' && value.length > LONGEST_GOT) return `${value.slice(0, LONGEST_GOT)}… (${value.length} characters)`
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value === 'object' && value !== null && JSON.stringify(value).length > LONGEST_GOT) {
    return `an object of ${Object.keys(value).slice(0, 10).join(', ')}`
  }
  return value ?? null
}
