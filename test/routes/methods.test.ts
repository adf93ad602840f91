/** Methods that a path lacks, OPTIONS, and methods that nobody knows, on every path that there is. */
import assert from 'node:assert/strict'
import net from 'node:net'
import { test } from 'node:test'
import { buildApp, type Parts } from '../../src/app.js'
import { readConfig } from '../../src/config.js'
import { createRouteTable } from '../../src/routes/methods.js'

async function openBareApp () {
  const app = await buildApp({ ...readConfig({}), logLevel: 'error' }, { bus: { on: () => () => {} } } as unknown as Parts)
  await app.ready()
  return app
}

/** Sends lines as they are. @returns the whole answer */
async function send (port: number, text: string): Promise<string> {
  return await new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1', () => { socket.write(text) })
    let answer = ''
    socket.on('data', chunk => { answer += chunk.toString() })
    socket.on('close', () => { resolve(answer) })
  })
}

test('createRouteTable: patterns of routes, the same path with several methods, and no others', () => {
  const { add, findMethods } = createRouteTable()
  add('/v1/things/:id', ['GET', 'HEAD'])
  add('/v1/things/:id', ['DELETE'])
  add('/docs/static/*', ['GET'])
  assert.deepEqual(findMethods('/v1/things/1?a=/b'), ['DELETE', 'GET', 'HEAD', 'OPTIONS'])
  assert.deepEqual(findMethods('/docs/static/a/b.js'), ['GET', 'OPTIONS'])
  for (const url of ['/v1/things', '/v1/things/1/2', '/v1/things/', '/docs', '*']) assert.deepEqual(findMethods(url), [], url)
})

test('every path: OPTIONS is answered, every method that it lacks is 405 with Allow, before a key or a body is looked at', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, object>> }
  const all = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'SEARCH']
  for (const [template, operations] of Object.entries(paths)) {
    const url = template.replaceAll(/\{\w+\}/g, '01936a3e-0000-7000-8000-000000000001')
    const options = await app.inject({ method: 'OPTIONS', url })
    assert.deepEqual([options.statusCode, options.body], [204, ''], template)
    const allowed = String(options.headers.allow).split(', ')
    assert.deepEqual(allowed.filter(method => !['HEAD', 'OPTIONS'].includes(method)), Object.keys(operations).map(name => name.toUpperCase()).sort(), template)
    for (const method of all.filter(one => !allowed.includes(one))) {
      const refused = await app.inject({ method: method as 'GET', url, headers: { 'content-type': 'application/xml' }, payload: '<a/>' })
      assert.equal(refused.statusCode, 405, `${method} ${template} ${refused.body}`)
      assert.equal(refused.headers.allow, allowed.join(', '))
      assert.match(String(refused.headers['content-type']), /^application\/problem\+json/)
      if (method !== 'HEAD') assert.equal(refused.json().code, 'method_not_allowed')
    }
  }
  assert.equal((await app.inject({ method: 'OPTIONS', url: '/v1/nonsense' })).statusCode, 404)
})

test('a method that HTTP does not know is 405 where there is a path, 404 where there is none', async t => {
  const app = await openBareApp()
  t.after(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as net.AddressInfo
  for (const method of ['FROBNICATE', 'GETS', 'QUERY']) { // QUERY is known to some Node versions
    const refused = await send(port, `${method} /v1/experiments?limit=3 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    assert.match(refused, /^HTTP\/1\.1 405 Method Not Allowed\r\n/, refused)
    assert.match(refused, /\r\nallow: GET, HEAD, OPTIONS, POST\r\n/i)
    assert.equal(JSON.parse(refused.split('\r\n\r\n')[1]!).code, 'method_not_allowed')
    assert.match(await send(port, `${method} /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`), /^HTTP\/1\.1 404 /)
  }
})
