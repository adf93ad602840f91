/**
 * Which requests become sockets: a GET with "Upgrade: websocket" on a route that has one. Everything else that asks for
 * another protocol (curl and Java ask for h2c by default) gets its answer in HTTP/1.1, as if it had not asked.
 */
import { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.js'
import { hangUp } from './problem.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** the route is a socket when it is asked to be one */
    socket?: boolean
  }
}

/**
 * A request that Node takes for an upgrade only when it asks for a WebSocket. Node decides by `upgrade`, which its parser
 * sets; once anybody listens for upgrades it would hand over all of them, with their bodies unread. (Later versions of
 * Node have shouldUpgradeCallback for this; Node 20 has not.)
 */
export class SocketOnlyMessage extends IncomingMessage {
  declare private isUpgradeAsked: boolean | null

  get upgrade (): boolean | null {
    return this.isUpgradeAsked && this.method === 'GET' && this.headers.upgrade?.toLowerCase() === 'websocket'
  }

  set upgrade (value) {
    this.isUpgradeAsked = value
  }
}

/** Refuses sockets where there are none, before anything else is looked at, and says what is wrong with a handshake. */
export function refuseOtherSockets (app: FastifyInstance): void {
  app.addHook('onRequest', async request => {
    if (!request.ws || request.routeOptions.config.socket === true) return
    throw new AppError('not_found', `no socket at ${request.url.split('?')[0]}; only GET /v1/experiments/{id}/events is one`)
  })
  app.websocketServer.on('wsClientError', (error, socket) => {
    hangUp(socket, new AppError('invalid_request', error.message), { 'sec-websocket-version': '13, 8' })
  })
}
