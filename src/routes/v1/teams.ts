/** Teams: made by the operator; and what a team sees and manages of itself: keys, quotas, usage, audit. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Static } from '../../schema/type.js'
import { listAudit, recordAudit } from '../../storage/audit.js'
import { withTransaction } from '../../storage/database.js'
import { createKey, listKeys, revokeKey } from '../../storage/keys.js'
import { createTeam, getTeam, readUsage, updateQuotas } from '../../storage/teams.js'
import { readIfMatch, toEtag } from '../conditions.js'
import { answerOnce } from '../idempotency.js'
import type { RouteContext } from '../parts.js'
import { IdempotencyHeader, IdParams, IfMatch, listOf, nothing, pageOf, PageQuery, problems } from '../schemas/common.js'
import { AuditEntry, Key, MadeKey, MadeTeam, NewKey, NewTeam, OwnTeam, QuotaChanges, Team, Usage } from '../schemas/teams.js'

const tags = ['Team']

/** Makes the routes of teams. */
export function teamRoutes ({ parts: { db } }: RouteContext): FastifyPluginAsyncTypebox {
  return async app => {
    app.post('/teams', {
      config: { access: 'operator' },
      schema: {
        operationId: 'createTeam',
        tags,
        summary: 'Make a team (operator)',
        description: 'The answer has the team’s first admin key; its secret is shown this once.',
        headers: IdempotencyHeader,
        body: NewTeam,
        response: { 201: MadeTeam, ...problems('conflict', 'idempotency_conflict') }
      }
    }, async (request, reply) => await answerOnce(db, request, reply, request.body, async () => async client => {
      const team = await createTeam(db, request.body, client)
      const key: Static<typeof MadeKey> = await createKey(db, team.id, { name: 'admin', role: 'admin' }, client)
      const entry = { action: 'team.create', subject: team.id, detail: { name: team.name } }
      await recordAudit(db, { ...request.principal, teamId: team.id }, entry, client)
      return { status: 201, location: '/v1/team', body: { ...team, key } }
    }, body => ({ ...body, key: withoutSecret(body.key) })))

    app.get('/team', {
      config: { access: 'viewer' },
      schema: { operationId: 'getTeam', tags, summary: 'Get your team, and who you are in it', response: { 200: OwnTeam, ...problems() } }
    }, async (request, reply) => {
      const { teamId, actor, role, operator } = request.principal
      const team = await getTeam(db, teamId)
      reply.header('etag', toEtag(team.version))
      return { ...team, you: { actor, role, operator } }
    })

    app.patch('/team/quotas', {
      config: { access: 'admin' },
      schema: {
        operationId: 'updateQuotas',
        tags,
        summary: 'Change the team’s quotas (admin)',
        headers: IfMatch,
        body: QuotaChanges,
        response: { 200: Team, ...problems('stale') }
      }
    }, async (request, reply) => {
      const { teamId } = request.principal
      const version = readIfMatch(request.headers['if-match'])
      const team = await withTransaction(db.pool, async client => {
        await recordAudit(db, request.principal, { action: 'quotas.update', subject: teamId, detail: request.body }, client)
        return await updateQuotas(db, teamId, request.body, version, client)
      })
      reply.header('etag', toEtag(team.version))
      return team
    })

    app.get('/team/keys', {
      config: { access: 'viewer' },
      schema: { operationId: 'listKeys', tags, summary: 'List the team’s keys', response: { 200: listOf(Key), ...problems() } }
    }, async request => ({ items: await listKeys(db, request.principal.teamId) }))

    app.post('/team/keys', {
      config: { access: 'admin' },
      schema: {
        operationId: 'createKey',
        tags,
        summary: 'Make a key (admin)',
        headers: IdempotencyHeader,
        body: NewKey,
        response: { 201: MadeKey, ...problems('idempotency_conflict') }
      }
    }, async (request, reply) => await answerOnce(db, request, reply, request.body, async () => async client => {
      const key: Static<typeof MadeKey> = await createKey(db, request.principal.teamId, request.body, client)
      await recordAudit(db, request.principal, { action: 'key.create', subject: key.id, detail: { name: key.name, role: key.role } }, client)
      return { status: 201, location: '/v1/team/keys', body: key }
    }, withoutSecret))

    app.delete('/team/keys/:id', {
      config: { access: 'admin' },
      schema: {
        operationId: 'revokeKey',
        tags,
        summary: 'Revoke a key and end its sessions (admin)',
        description: 'A team’s last admin key is refused: nobody could make another.',
        params: IdParams,
        response: { 204: nothing('It no longer opens anything'), ...problems('not_found', 'conflict') }
      }
    }, async (request, reply) => {
      const { teamId, operator } = request.principal
      await withTransaction(db.pool, async client => {
        const key = await revokeKey(db, teamId, request.params.id, { evenLast: operator }, client)
        await recordAudit(db, request.principal, { action: 'key.revoke', subject: key.id, detail: { name: key.name } }, client)
      })
      return await reply.code(204).send(null)
    })

    app.get('/team/usage', {
      config: { access: 'viewer' },
      schema: { operationId: 'getUsage', tags, summary: 'Count what the team has and uses', response: { 200: Usage, ...problems() } }
    }, async request => await readUsage(db, request.principal.teamId))

    app.get('/team/audit', {
      config: { access: 'viewer' },
      schema: { operationId: 'listAudit', tags, summary: 'List who did what, newest first', querystring: PageQuery, response: { 200: pageOf(AuditEntry), ...problems('invalid_cursor') } }
    }, async request => await listAudit(db, request.principal.teamId, request.query))
  }
}

function withoutSecret (key: Static<typeof MadeKey>): Static<typeof MadeKey> {
  const { secret: _, ...rest } = key
  return rest
}
