/**
 * The service behind a proxy with TLS: the files of docker/proxy, word for word but for addresses and certificates, in a
 * real nginx and a real Caddy; and what TRUST_PROXY believes of whom.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { request, type RequestOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { projectRoot } from '../../src/paths.js'
import { probePort } from '../../src/start/listen-address.js'
import { openTestApp, type TestApp } from '../helpers/app.js'
import { temporaryFolder } from '../helpers/folder.js'
import { toForm, file } from '../helpers/form.js'
import { until } from '../helpers/processes.js'
import { skipWithout, startCaddy, startNginx } from '../helpers/web-proxies.js'
import { append, finish, makeEverything } from './fixtures.js'

/** Where a proxy listens, and whom to believe that it is it. */
interface Proxy { port: number, plainPort: number, authority: () => string }

/** The client's own address: another than the proxy's, which is what the service sees. Only Linux answers to all of 127. */
const clientAddress = '127.0.0.2'

const onlyLinux = process.platform !== 'linux' && 'it needs a second address of this machine'

const proxies: Record<string, { skip: string | false, start: (t: TestContext, upstream: string) => Promise<Proxy> }> = {
  nginx: { skip: onlyLinux || skipWithout('nginx', ['-v']) || skipWithout('openssl', ['version']), start: nginx },
  Caddy: { skip: onlyLinux || skipWithout('caddy', ['version']), start: caddy }
}

for (const [name, { skip, start }] of Object.entries(proxies)) {
  test(`behind ${name}: sessions, sockets, event streams and uploads, and who asked`, { skip, timeout: 300_000 }, async t => {
    const api = await openTestApp(t, { trustProxy: ['127.0.0.1'] })
    const { experimentId, trialId } = await makeEverything(api.parts, api.team)
    await api.app.listen({ host: '127.0.0.1', port: 0 })
    const { port, plainPort, authority } = await start(t, `127.0.0.1:${(api.app.server.address() as AddressInfo).port}`)
    const host = `localhost:${port}`
    const bearer = { authorization: `Bearer ${api.team.keys.admin}` }

    await until(async () => await ask(port, authority(), { path: '/health/live' }).then(({ status }) => status === 200, () => false), `${name} answers`)

    await t.test('http goes to https', async () => {
      const { status, location } = await askPlainly(plainPort)
      assert.equal(status, 308)
      assert.match(location, /^https:\/\/localhost/)
    })

    await t.test('a session\'s cookie is Secure, and opens a socket from a page of the service', async () => {
      const session = await ask(port, authority(), { method: 'POST', path: '/v1/session', headers: bearer })
      assert.equal(session.status, 201)
      const [cookie = ''] = session.headers['set-cookie'] ?? []
      assert.match(cookie, /^descent_session=.*; HttpOnly; Secure; SameSite=Strict/)
      const socket = new WebSocket(`wss://${host}/v1/experiments/${experimentId}/events`, {
        ca: authority(), origin: `https://${host}`, headers: { cookie: cookie.split(';')[0]! }
      })
      const first = await new Promise((resolve, reject) => {
        socket.once('message', data => { resolve(JSON.parse(String(data)).type) })
        socket.once('error', reject)
      })
      assert.equal(first, 'hello')
      socket.terminate()
    })

    await t.test('an event arrives while its stream is open', async () => {
      const seen = await openEvents(port, authority(), `/v1/experiments/${experimentId}/events`, bearer)
      await seen('"state"')
      await append(api.parts, experimentId, [{ type: 'log', trialId, data: { text: 'while you watch' } }])
      await seen('while you watch')
      await finish(api.parts, experimentId)
      await seen('"type":"end"')
    })

    await t.test('an upload of some megabytes is taken, and the audit has the client\'s address, whatever it pretends', async () => {
      const csv = `x,label\n${'0.123456789,a\n0.987654321,b\n'.repeat(100_000)}`
      const { body, headers } = toForm({ name: 'large', format: 'csv', testFraction: '0.5', train: file('large.csv', csv) })
      const pretended = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http', forwarded: 'for=203.0.113.9' }
      const upload = await ask(port, authority(), { method: 'POST', path: '/v1/datasets', headers: { ...bearer, ...headers, ...pretended } }, body)
      assert.equal(upload.status, 201, upload.text)
      const { items: [entry] } = (await api.call('GET', '/v1/team/audit?limit=1', { key: api.team.keys.admin })).json()
      assert.deepEqual([entry.action, entry.address], ['dataset.create', clientAddress])
    })
  })
}

test('TRUST_PROXY: who is believed', async t => {
  const forwarded = { 'x-forwarded-for': '203.0.113.9, 192.0.2.1', 'x-forwarded-proto': 'https' }
  for (const [trustProxy, from, address, isSecure] of [
    [false, '127.0.0.1', '127.0.0.1', false],
    [['10.0.0.0/8'], '127.0.0.1', '127.0.0.1', false],
    [['127.0.0.1'], '127.0.0.1', '192.0.2.1', true],
    [['loopback', '192.0.2.0/24'], '127.0.0.1', '203.0.113.9', true],
    [['127.0.0.1'], '198.51.100.4', '198.51.100.4', false],
    [1, '198.51.100.4', '192.0.2.1', true],
    [2, '198.51.100.4', '203.0.113.9', true],
    [true, '198.51.100.4', '203.0.113.9', true]
  ] as const) {
    await t.test(`${String(trustProxy)}, asked from ${from}`, async t => {
      const api = await openTestApp(t, { trustProxy: typeof trustProxy === 'object' ? [...trustProxy] : trustProxy })
      const asked = { remoteAddress: from, headers: { ...forwarded, authorization: `Bearer ${api.team.keys.admin}` } }
      const { headers } = await api.app.inject({ method: 'POST', url: '/v1/session', ...asked })
      assert.equal(/; Secure/.test(String(headers['set-cookie'])), isSecure)
      assert.equal(await auditedAddress(api, asked), address)
    })
  }

  await t.test('what is no address is not written down as one', async t => {
    const api = await openTestApp(t, { trustProxy: true })
    const headers = { 'x-forwarded-for': 'unknown', authorization: `Bearer ${api.team.keys.admin}` }
    assert.equal(await auditedAddress(api, { headers }), null)
  })
})

/** Makes a key. @returns from where, as the audit has it */
async function auditedAddress (api: TestApp, asked: { remoteAddress?: string, headers: Record<string, string> }): Promise<string | null> {
  await api.app.inject({ method: 'POST', url: '/v1/team/keys', payload: { name: 'k', role: 'viewer' }, ...asked })
  const { items: [entry] } = (await api.call('GET', '/v1/team/audit?limit=1', { key: api.team.keys.admin })).json()
  assert.equal(entry.action, 'key.create')
  return entry.address
}

async function nginx (t: TestContext, upstream: string): Promise<Proxy> {
  const folder = temporaryFolder()
  const [certificate, key] = [path.join(folder, 'certificate.pem'), path.join(folder, 'key.pem')]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  const [port, plainPort] = await freePorts()
  let config = readFileSync(path.join(projectRoot, 'docker', 'proxy', 'nginx.conf'), 'utf8')
  for (const [ours, here] of [
    ['listen 80;', `listen 127.0.0.1:${plainPort};`], ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['lab.example.com', 'localhost'], ['/etc/ssl/lab/fullchain.pem', certificate], ['/etc/ssl/lab/privkey.pem', key],
    ['127.0.0.1:3000', upstream]
  ] as const) {
    assert.ok(config.includes(ours), `nginx.conf has ${ours}`)
    config = config.replace(ours, here)
  }
  startNginx(t, folder, config)
  const authority = readFileSync(certificate, 'utf8')
  return { port, plainPort, authority: () => authority }
}

async function caddy (t: TestContext, upstream: string): Promise<Proxy> {
  const folder = temporaryFolder()
  const [port, plainPort] = await freePorts()
  const ours = path.join(projectRoot, 'docker', 'proxy', 'Caddyfile')
  const options = `{
    admin off
    skip_install_trust
    default_bind 127.0.0.1
    http_port ${plainPort}
    https_port ${port}
  }`
  startCaddy(t, folder, `${options}\nimport ${ours}\n`, { UPSTREAM: upstream })
  const root = path.join(folder, 'caddy', 'pki', 'authorities', 'local', 'root.crt')
  return { port, plainPort, authority: () => existsSync(root) ? readFileSync(root, 'utf8') : '' }
}

async function freePorts (): Promise<[number, number]> {
  const port = await probePort('127.0.0.1', 0)
  for (;;) {
    const other = await probePort('127.0.0.1', 0)
    if (other !== port) return [port, other]
  }
}

function toOptions (port: number, ca: string, options: RequestOptions): RequestOptions {
  const headers = { host: `localhost:${port}`, ...options.headers as Record<string, string> }
  return { host: '127.0.0.1', port, servername: 'localhost', localAddress: clientAddress, ca, agent: false, ...options, headers }
}

interface Answer { status: number, headers: Record<string, string[] | string | undefined>, text: string }

function ask (port: number, ca: string, options: RequestOptions, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(toOptions(port, ca, options), response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => { text += chunk }).on('error', reject)
        .on('end', () => { resolve({ status: response.statusCode ?? 0, headers: response.headers, text }) })
    }).on('error', reject).end(body)
  })
}

function askPlainly (port: number): Promise<{ status: number, location: string }> {
  return new Promise((resolve, reject) => {
    plainRequest({ host: '127.0.0.1', port, path: '/docs', headers: { host: 'localhost' }, agent: false }, response => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '' })
    }).on('error', reject).end()
  })
}

/** Follows an event stream. @returns what waits until a text has come in it */
async function openEvents (
  port: number, ca: string, where: string, headers: Record<string, string>
): Promise<(text: string) => Promise<void>> {
  let text = ''
  let isOver = false
  await new Promise<void>((resolve, reject) => {
    request(toOptions(port, ca, { path: where, headers: { accept: 'text/event-stream', ...headers } }), response => {
      response.setEncoding('utf8').on('data', chunk => { text += chunk }).on('error', () => {}).on('close', () => { isOver = true })
      resolve()
    }).on('error', reject).end()
  })
  return async wanted => {
    while (!text.includes(wanted)) {
      assert.ok(!isOver, `the stream ended before ${wanted}:\n${text}`)
      await delay(10)
    }
  }
}
