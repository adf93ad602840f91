/** POST /v1/segment: labels the pixels of a picture of which some are given. Nothing is stored. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { MOST_BYTES } from '../../datasets/formats/pictures/picture.js'
import type { SegmentedPicture } from '../../segmentation/pictures/task.js'
import { chooseType } from '../negotiation.js'
import type { RouteContext } from '../parts.js'
import { Binary, problems } from '../schemas/common.js'
import { Segmented, SegmentForm, SegmentRequest } from '../schemas/segment.js'
import { segmentForm, toSegmentTask, type SegmentQuestion } from '../segment-task.js'
import { whileWaitedFor, withUpload } from '../uploads.js'
import { violationError } from '../validation.js'

/** Makes the route. */
export function segmentRoutes ({ config, parts }: RouteContext): FastifyPluginAsyncTypebox {
  async function segment (request: FastifyRequest, question: SegmentQuestion, signal: AbortSignal): Promise<SegmentedPicture> {
    const task = await toSegmentTask({ ...parts, team: request.team }, question, config.maxSegmentPixels)
    return await parts.segmentPool.segment(task, request.principal.teamId, signal)
  }

  async function receive (request: FastifyRequest, reply: FastifyReply): Promise<SegmentedPicture> {
    const options = { form: segmentForm, folder: parts.temporaryFolder, maxBytes: Math.min(config.maxUploadBytes, 2 * MOST_BYTES) }
    return await withUpload(request, reply, options, async ({ fields, files: { picture, seeds } }, signal) =>
      await segment(request, { fields, picture, seeds }, signal))
  }

  return async app => {
    app.post('/segment', {
      config: { access: 'member' },
      schema: {
        operationId: 'segment',
        tags: ['Pictures'],
        summary: 'Label the pixels of a picture of which some are given',
        description: 'The picture and the map of seeds as files of multipart/form-data, with the other fields as text (arrays and objects as JSON), or as base64 in JSON. JSON has energies and counts; as image/png the answer is the mask, or the overlay where it was asked for. The same request is answered with the same bytes. Nothing is stored.',
        body: { content: { 'application/json': { schema: SegmentRequest }, 'multipart/form-data': { schema: { ...SegmentForm, 'x-streamed': true } } } },
        response: {
          200: { description: 'The picture’s labels', content: { 'application/json': { schema: Segmented }, 'image/png': { schema: Binary } } },
          ...problems('invalid_picture', 'not_found', 'not_acceptable', 'data_missing')
        }
      }
    }, async (request, reply) => {
      const type = chooseType(request, ['application/json', 'image/png'])
      const { mask, overlay, ...rest } = request.isMultipart()
        ? await receive(request, reply)
        : await whileWaitedFor(reply, async signal => await segment(request, toQuestion(request.body), signal))
      reply.header('vary', 'accept')
      if (type === 'image/png') return reply.type(type).send(toBuffer(overlay ?? mask))
      return { ...rest, mask: toBuffer(mask).toString('base64'), ...overlay && { overlay: toBuffer(overlay).toString('base64') } }
    })
  }
}

function toQuestion (given: unknown): SegmentQuestion {
  const body = given as SegmentRequest | null | undefined
  if (body == null) throw violationError('invalid_request', [{ path: 'body', rule: 'is required', got: null }])
  const { picture, seeds, ...fields } = body
  const source = (name: string, text: string | undefined) => text === undefined ? undefined : { name, bytes: Buffer.from(text, 'base64') }
  return { fields, picture: source('picture', picture), seeds: source('seeds', seeds) }
}

function toBuffer ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
