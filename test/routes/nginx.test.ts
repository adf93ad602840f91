/** An event stream behind a real nginx that knows nothing but proxy_pass: frames arrive while they happen. */
import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { openTestApp } from '../helpers/app.js'
import { temporaryFolder } from '../helpers/folder.js'
import { openStream } from '../helpers/stream-client.js'
import { skipWithout, startNginx } from '../helpers/web-proxies.js'
import { append, finish, makeEverything } from './fixtures.js'

test('event stream through nginx with its defaults', { skip: skipWithout('nginx', ['-v']) }, async t => {
  const api = await openTestApp(t)
  const { experimentId, trialId } = await makeEverything(api.parts, api.team)
  const folder = temporaryFolder()
  const [behind, front] = [path.join(folder, 'api'), path.join(folder, 'nginx')]
  await api.app.listen({ path: behind })
  chmodSync(behind, 0o777) // as root its workers run as another user
  startNginx(t, folder, `server { listen unix:${front}; location / { proxy_pass http://unix:${behind}; } }`)

  const headers = { authorization: `Bearer ${api.team.keys.viewer}` }
  const open = async () => await openStream('sse', front, `/v1/experiments/${experimentId}/events`, headers)
  let client: Awaited<ReturnType<typeof open>> | undefined
  while (client === undefined) client = await open().catch(async () => { await delay(20) }) ?? undefined // until it listens
  await client.until(() => client.seqs().length === 1) // nothing else is written until this has come
  await append(api.parts, experimentId, [{ type: 'log', trialId, data: { text: 'while you watch' } }])
  await client.until(() => client.seqs().length === 2)
  await finish(api.parts, experimentId)
  assert.equal(await client.closed, 1000)
  assert.deepEqual(client.frames.map(frame => frame.type), ['hello', 'state', 'log', 'report', 'state', 'end'])
})
