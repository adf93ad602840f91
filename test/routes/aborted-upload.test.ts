/** An upload whose client goes away in the middle: no fault of the service, so nothing that a human must look at. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { test } from 'node:test'
import multipart from '@fastify/multipart'
import Fastify from 'fastify'
import { AppError } from '../../src/errors.js'
import { datasetForm } from '../../src/routes/dataset-form.js'
import { withUpload } from '../../src/routes/uploads.js'
import { temporaryFolder } from '../helpers/folder.js'

test('withUpload: a client that goes away in a field, in a file or between them is told of as its own doing', async t => {
  const app = Fastify()
  t.after(() => app.close())
  await app.register(multipart)
  let failed: (error: unknown) => void = () => {}
  app.setErrorHandler(async error => { failed(error) })
  const folder = temporaryFolder()
  app.post('/', async (request, reply) => await withUpload(request, reply, { form: datasetForm, folder, maxBytes: 1e9 }, async () => ({})))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as net.AddressInfo

  const field = '--b\r\ncontent-disposition: form-data; name="name"\r\n\r\nn'
  const file = '\r\n--b\r\ncontent-disposition: form-data; name="train"; filename="a.csv"\r\n\r\nx,label\r\n'
  for (const body of [field, `${field}\r\n--b`, field + file + '1,a\r\n'.repeat(20_000)]) {
    const failure = new Promise<unknown>(resolve => { failed = resolve })
    const socket = net.connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 1000000\r\n\r\n${body}`, () => { socket.destroy() })
    const error = await failure
    assert.ok(error instanceof AppError, String(error))
    assert.deepEqual([error.code, error.detail], ['invalid_request', 'the client went away'])
  }
})
