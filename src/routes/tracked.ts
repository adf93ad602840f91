/** Lets everybody of the team see how far an upload is while its request is under way, and gives it its id. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { v7 as newId } from 'uuid'
import { trackUpload, type UploadTracker } from '../jobs/upload-tracker.js'

/**
 * Does the work on an upload. Its id is that of the header Upload-Id, or a new one; the answer's header tells.
 * @throws AppError conflict while an upload of that id is under way
 */
export async function trackRequest<T> (
  request: FastifyRequest, reply: FastifyReply, work: (tracker: UploadTracker) => Promise<T>
): Promise<T> {
  const { 'upload-id': chosen, 'content-length': length } = request.headers
  const id = typeof chosen === 'string' ? chosen.toLowerCase() : newId()
  reply.header('upload-id', id)
  const tracker = await trackUpload(request.team.uploads, { id, totalBytes: length === undefined ? null : Number(length) },
    error => { request.log.warn({ err: error, uploadId: id }, 'how far an upload is could not be written') })
  return await work(tracker).finally(tracker.end)
}
