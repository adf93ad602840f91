/**
 * Puts the API together: opens what it is made of, registers every route, listens. The only composition root of the API
 * process, which never loads the tensor library. Routes: src/routes; the process: main.ts.
 */
import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import websocket from '@fastify/websocket'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { Config } from './config.js'
import { createRenderer } from './figures/renderer.js'
import { openBoss } from './jobs/boss.js'
import { isLoopback } from './start/listen-address.js'
import { guard } from './routes/auth.js'
import { documentRoutes } from './routes/documentation.js'
import { commonHeaders } from './routes/headers.js'
import { healthRoutes } from './routes/health.js'
import { answerOtherMethods, createRouteTable } from './routes/methods.js'
import type { Parts, RouteContext } from './routes/parts.js'
import { MAX_JSON_BYTES, answerWithProblems, refuseMalformed, sendProblem } from './routes/problem.js'
import { readPlainText } from './routes/plain-text.js'
import { streamDefaults, type StreamOptions } from './routes/stream/options.js'
import { limitUnreadBodies } from './routes/unread-bodies.js'
import { refuseOtherSockets, SocketOnlyMessage } from './routes/upgrades.js'
import { validatorCompiler } from './routes/validation.js'
import { catalogRoutes } from './routes/v1/catalog.js'
import { datasetRoutes } from './routes/v1/datasets.js'
import { datasetViewRoutes } from './routes/v1/dataset-views.js'
import { eventRoutes } from './routes/v1/events.js'
import { experimentRoutes } from './routes/v1/experiments.js'
import { followUpRoutes } from './routes/v1/follow-ups.js'
import { kindRoutes } from './routes/v1/kinds.js'
import { modelRoutes } from './routes/v1/models.js'
import { nodeRoutes } from './routes/v1/nodes.js'
import { resultRoutes } from './routes/v1/results.js'
import { segmentRoutes } from './routes/v1/segment.js'
import { sessionRoutes } from './routes/v1/session.js'
import { teamRoutes } from './routes/v1/teams.js'
import { trialRoutes } from './routes/v1/trials.js'
import { uploadRoutes } from './routes/v1/uploads.js'
import { createBlobStore } from './storage/blobs.js'
import { openBus } from './storage/bus.js'
import { openDatabase } from './storage/database.js'
import { openScratch } from './storage/scratch.js'
import { createCatalog } from './datasets/catalog/index.js'
import { createDatasetPool } from './datasets/dataset-pool.js'
import { createSegmentPool } from './segmentation/pictures/pool.js'

export type { Parts } from './routes/parts.js'

/** One file of routes per resource, in the order of the documentation. */
const resources = [
  experimentRoutes, followUpRoutes, eventRoutes, resultRoutes, trialRoutes, modelRoutes, datasetRoutes, datasetViewRoutes, uploadRoutes,
  catalogRoutes, segmentRoutes,
  teamRoutes, sessionRoutes, nodeRoutes
]
/** An upload of a gigabyte over a slow line takes this long; whoever sends slower is cut off. */
const REQUEST_TIMEOUT_MS = 30 * 60_000
/** How long a stop waits for answers that are under way. */
const GRACE_MS = 3000

export interface OpenedParts { parts: Parts, close (): Promise<void> }

/** Opens the parts of the API. @throws when the database cannot be reached or lacks its tables */
export async function openParts (config: Config, onError: (error: Error) => void): Promise<OpenedParts> {
  const url = config.databaseUrl
  if (url === undefined) throw new Error('The API needs DATABASE_URL')
  const db = openDatabase(url, { onError })
  const bus = await openBus(url, { onError })
  const boss = await openBoss(url, { keepsHouse: true, onError })
  const scratch = await openScratch(config.dataDir)
  const datasetPool = createDatasetPool({ folder: scratch.folder, limits: config })
  const catalog = createCatalog({ folder: path.join(config.cacheDir, 'catalog'), mirror: config.catalogMirror })
  const renderer = createRenderer()
  const segmentPool = createSegmentPool()
  const blobs = createBlobStore(config.blobStore, db)

  async function close (): Promise<void> {
    await Promise.all([datasetPool.close(), segmentPool.close(), renderer.close(), boss.stop({ graceful: false }), bus.close()])
    await db.close()
    await scratch.remove()
  }

  return { parts: { db, blobs, bus, boss, datasetPool, catalog, segmentPool, renderer, temporaryFolder: scratch.folder }, close }
}

/**
 * Builds the API over its parts; it does not listen yet, and closing it leaves the parts open.
 * @param changes to the clocks and bounds of streams
 */
export async function buildApp (config: Config, parts: Parts, changes: Partial<StreamOptions> = {}): Promise<FastifyInstance> {
  const streams = { ...streamDefaults, ...changes }
  const routes = createRouteTable()
  const app = Fastify({
    logger: { level: config.logLevel },
    trustProxy: toTrust(config.trustProxy),
    genReqId: () => randomUUID(),
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: 20_000, IncomingMessage: SocketOnlyMessage },
    keepAliveTimeout: 72_000,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => { void sendProblem(error, request as never, reply as never) },
    clientErrorHandler: refuseMalformed(routes.findMethods)
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => data => JSON.stringify(data))
  answerWithProblems(app)
  limitUnreadBodies(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(commonHeaders(request.id))
  })
  readPlainText(app)
  await app.register(cookie)
  await app.register(multipart)
  const sockets = { maxPayload: 4096, closeTimeout: streams.patienceMs } // the types of ws do not know closeTimeout yet
  await app.register(websocket, { options: sockets, errorHandler: dropSocket, preClose: closeSockets })
  refuseOtherSockets(app)
  answerOtherMethods(app, routes) // after the sockets, whose own hook hangs up on those that are refused
  await documentRoutes(app)

  const context: RouteContext = { config, parts, streams }
  await app.register(healthRoutes(context))
  await app.register(async v1 => {
    guard(v1, context)
    await v1.register(kindRoutes)
    for (const routes of resources) await v1.register(routes(context))
  }, { prefix: '/v1' })
  return app
}

/** Opens everything and listens. @returns the address, and what closes it all in order */
export async function serve (config: Config): Promise<{ url: string, close (): Promise<void> }> {
  let app: FastifyInstance | undefined
  const { parts, close: closeParts } = await openParts(config, error => { app?.log.warn({ err: error }, 'a connection to the database broke') })
  try {
    app = await buildApp(config, parts)
    if (!isLoopback(config.host)) app.log.warn(`HOST is ${config.host}: everyone who can reach this machine can reach the service`)
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await app?.close()
    await closeParts()
    throw error
  }
  const running = app
  const { port } = running.server.address() as AddressInfo

  async function close (): Promise<void> {
    const patience = setTimeout(() => { running.server.closeAllConnections() }, GRACE_MS)
    await running.close()
    clearTimeout(patience)
    await closeParts()
  }

  return { url: `http://${isIP(config.host) === 6 ? `[${config.host}]` : config.host}:${port}`, close }
}

/**
 * Fastify trusts nobody when it is given a number of hops, because whoever passes the proxy by could pretend to be anybody:
 * the operator has said that nobody can.
 */
function toTrust (trusted: Config['trustProxy']): boolean | string[] | ((address: string, hop: number) => boolean) {
  return typeof trusted === 'number' ? (_, hop) => hop < trusted : trusted
}

/** A client that went without a word, or sent what nobody asked for: no fault of ours. */
function dropSocket (error: Error, socket: WebSocket, request: FastifyRequest): void {
  request.log.info({ err: error }, 'socket dropped')
  socket.terminate()
}

/** Asks clients to come back later; whoever does not answer is cut off. */
function closeSockets (this: FastifyInstance, done: () => void): void {
  for (const socket of this.websocketServer.clients) {
    socket.close(1001, 'the service is stopping')
    setTimeout(() => { socket.terminate() }, 1000).unref()
  }
  this.websocketServer.close()
  done()
}
