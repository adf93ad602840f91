/** Curves, reports, figures and files over HTTP. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { decode, encode } from 'fast-png'
import { v7 as newId } from 'uuid'
import { openTestApp } from '../helpers/app.js'
import { finish, makeEverything, report, storeCurve, vegaLite } from './fixtures.js'

test('GET …/metrics: curves as JSON and CSV, NaN as text, thinned so that extremes stay', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { experimentId, trialId } = await makeEverything(parts, team)
  const values = Array.from({ length: 5000 }, (_, i) => i === 1234 ? 99 : i === 4321 ? -99 : Math.sin(i))
  await storeCurve(parts, trialId, 'loss', values)
  await storeCurve(parts, trialId, 'odd', [1, NaN, Infinity, -Infinity])
  const url = `/v1/experiments/${experimentId}/metrics`
  const { items } = (await call('GET', `${url}?name=loss&maxPoints=50`)).json()
  assert.equal(items.length, 1)
  assert.ok(items[0].points.length <= 50)
  const kept = new Map<number, number>(items[0].points)
  assert.deepEqual([kept.get(1234), kept.get(4321)], [99, -99])
  assert.deepEqual((await call('GET', `${url}?name=odd&name=none`)).json().items, [
    { trialId, name: 'odd', points: [[0, 1], [1, 'NaN'], [2, 'Infinity'], [3, '-Infinity']] }
  ])
  const csv = await call('GET', `${url}?name=odd`, { headers: { accept: 'text/csv' } })
  assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8')
  assert.equal(csv.body, `trialId,name,step,value\r\n${trialId},odd,0,1\r\n${trialId},odd,1,NaN\r\n${trialId},odd,2,Infinity\r\n${trialId},odd,3,-Infinity\r\n`)
  assert.equal((await call('GET', url)).json().items.length, 2)
  assert.equal((await call('GET', `${url}?maxPoints=3`)).statusCode, 400)
})

test('GET …/report and …/figures: not before the end; then data, SVG or PNG by Accept', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { experimentId } = await makeEverything(parts, team)
  const early = await call('GET', `/v1/experiments/${experimentId}/report`)
  assert.deepEqual([early.statusCode, early.json().code], [409, 'not_finished'])
  await finish(parts, experimentId)
  const { verdict, tables, figures } = (await call('GET', `/v1/experiments/${experimentId}/report`)).json()
  assert.deepEqual([verdict, tables, figures], [report.verdict, report.tables, [
    { name: 'loss', title: 'Loss', mediaTypes: ['application/json', 'application/vnd.vegalite.v6+json', 'image/svg+xml', 'image/png'] }
  ]])
  const figure = async (accept: string, name = 'loss') => await call('GET', `/v1/experiments/${experimentId}/figures/${name}`, { headers: { accept } })
  assert.deepEqual((await figure('application/json')).json(), vegaLite)
  const svg = await figure('image/svg+xml')
  assert.match(svg.body, /^<svg [^]*<\/svg>$/)
  const png = await figure('image/png')
  assert.equal(png.headers['content-type'], 'image/png')
  assert.ok(decode(png.rawPayload).width > 100)
  assert.equal((await figure('video/mp4')).statusCode, 406)
  assert.match((await figure('*/*', 'lss')).json().detail, /^figure must be one of loss, got "lss"$/)
})

test('GET …/figures: a picture that a trial made comes as it is, an SVG drawn too; one that is gone is a clear problem', async t => {
  const { call, config, parts, team } = await openTestApp(t)
  const { experimentId, trialId } = await makeEverything(parts, team)
  const png = encode({ width: 2, height: 1, channels: 1, depth: 8, data: Uint8Array.of(0, 255) })
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20" fill="red"/></svg>'
  const store = async (name: string, mediaType: string, bytes: Uint8Array): Promise<string> => {
    const { sha256: blobSha, sizeBytes } = await parts.blobs.put(bytes)
    await parts.db.prisma.artifact.create({ data: { id: newId(), teamId: team.id, trialId, name, step: 5, mediaType, blobSha, sizeBytes } })
    return blobSha
  }
  const blob = await store('photo', 'image/png', png)
  await store('drawing', 'image/svg+xml', Buffer.from(svg))
  const shown = (name: string, step = 5) => ({ name: `${name} ${step}`, title: name, artifact: { trial: trialId, name, step } })
  await finish(parts, experimentId, 'succeeded', { ...report, figures: [shown('photo'), shown('drawing'), shown('photo', 6)] })
  const { figures } = (await call('GET', `/v1/experiments/${experimentId}/report`)).json()
  assert.deepEqual(figures, [
    { name: 'photo 5', title: 'photo', mediaTypes: ['image/png'] },
    { name: 'drawing 5', title: 'drawing', mediaTypes: ['image/svg+xml', 'image/png'] },
    { name: 'photo 6', title: 'photo', mediaTypes: [] }
  ])
  const figure = async (name: string, accept = '*/*') =>
    await call('GET', `/v1/experiments/${experimentId}/figures/${encodeURIComponent(name)}`, { headers: { accept } })
  const photo = await figure('photo 5')
  assert.deepEqual([photo.headers['content-type'], photo.headers.vary, new Uint8Array(photo.rawPayload)], ['image/png', 'accept', new Uint8Array(png)])
  const refused = await figure('photo 5', 'image/svg+xml, application/json')
  assert.deepEqual([refused.statusCode, refused.json().detail], [406, 'Accept must allow one of image/png, got "image/svg+xml, application/json"'])
  const drawing = await figure('drawing 5', 'image/*')
  assert.deepEqual([drawing.headers['content-type'], drawing.body], ['image/svg+xml', svg])
  assert.deepEqual([...decode((await figure('drawing 5', 'image/png')).rawPayload).data.subarray(0, 3)], [255, 0, 0])
  const gone = await figure('photo 6')
  assert.deepEqual([gone.statusCode, gone.json().code, gone.json().detail], [404, 'not_found', 'the artifact that figure photo 6 shows'])
  await rm(path.join(config.blobStore, blob.slice(0, 2), blob.slice(2, 4), blob))
  const lost = await figure('photo 5')
  assert.deepEqual([lost.statusCode, lost.json().code], [410, 'file_missing'])
})

test('GET …/weights: whole, in parts, not again, and never beyond the end', async t => {
  const { call, parts, team } = await openTestApp(t)
  const { checkpointId, weights, trialId, artifactId } = await makeEverything(parts, team)
  const get = async (headers: Record<string, string> = {}) => await call('GET', `/v1/checkpoints/${checkpointId}/weights`, { headers })
  const whole = await get()
  assert.deepEqual([whole.statusCode, whole.headers['accept-ranges'], whole.headers['content-length']], [200, 'bytes', String(weights.length)])
  assert.deepEqual(new Uint8Array(whole.rawPayload), weights)
  assert.match(String(whole.headers['content-disposition']), /\.safetensors"$/)
  const etag = String(whole.headers.etag)
  const size = weights.length
  const ranges: [string, number, number][] = [['bytes=0-3', 0, 3], ['bytes=5-', 5, size - 1], ['bytes=-4', size - 4, size - 1], [`bytes=2-${size + 100}`, 2, size - 1]]
  for (const [range, start, end] of ranges) {
    const part = await get({ range })
    assert.deepEqual([part.statusCode, part.headers['content-range']], [206, `bytes ${start}-${end}/${size}`], range)
    assert.deepEqual(new Uint8Array(part.rawPayload), weights.slice(start, end + 1), range)
  }
  const beyond = await get({ range: `bytes=${size}-` })
  assert.deepEqual([beyond.statusCode, beyond.headers['content-range'], beyond.json().code], [416, `bytes */${size}`, 'range_not_satisfiable'])
  assert.equal(beyond.headers['cache-control'], 'no-store', 'a refusal is not kept for ever')
  for (const range of ['bytes=0-1,3-4', 'items=0-3', 'bytes=-', 'bytes=9-3']) assert.equal((await get({ range })).statusCode, 200, `${range} is not one range`)
  const known = await get({ 'if-none-match': `W/"x", ${etag}` })
  assert.deepEqual([known.statusCode, known.body], [304, ''])
  assert.equal((await get({ range: 'bytes=0-3', 'if-range': etag })).statusCode, 206)
  assert.equal((await get({ range: 'bytes=0-3', 'if-range': '"other"' })).statusCode, 200)
  const head = await call('HEAD', `/v1/checkpoints/${checkpointId}/weights`)
  assert.deepEqual([head.statusCode, head.headers['content-length'], head.body], [200, String(size), ''])
  for (const range of ['bytes=0-3', `bytes=${size}-`]) {
    const { statusCode, headers } = await call('HEAD', `/v1/checkpoints/${checkpointId}/weights`, { headers: { range } })
    assert.deepEqual([statusCode, headers['content-length'], headers['content-range']], [200, String(size), undefined], `HEAD knows no ${range}`)
  }
  const artifact = await call('GET', `/v1/artifacts/${artifactId}`)
  assert.deepEqual([artifact.headers['content-type'], artifact.body], ['text/csv', 'step,loss\r\n'])
  assert.equal((await call('GET', `/v1/trials/${trialId}/checkpoints`)).json().items[0].id, checkpointId)
  assert.equal((await call('GET', `/v1/trials/${trialId}/artifacts`)).json().items[0].id, artifactId)
})
