/** Chooses among the forms that a resource can be given in, by the Accept header (RFC 9110, 12.5.1). */
import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.js'

/**
 * Chooses the form that the caller likes best; among equals the first one offered.
 * @throws AppError not_acceptable
 */
export function chooseType<const T extends string> (request: FastifyRequest, offered: readonly T[]): T {
  const ranges = parseAccept(request.headers.accept ?? '*/*')
  const rated = offered.map(type => ({ type, quality: rate(type, ranges) }))
  const best = rated.reduce((a, b) => b.quality > a.quality ? b : a)
  if (best.quality > 0) return best.type
  throw new AppError('not_acceptable', `Accept must allow one of ${offered.join(', ')}, got ${JSON.stringify(request.headers.accept)}`)
}

interface Range { type: string, subtype: string, quality: number }

function parseAccept (header: string): Range[] {
  return header.split(',').map(part => {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
    const [type = '', subtype = ''] = range.trim().split('/')
    const quality = parameters.map(parameter => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(text => text !== undefined)
    return { type, subtype, quality: quality === undefined ? 1 : Number(quality) }
  })
}

/** The most specific range decides, not the most generous one. */
function rate (offered: string, ranges: Range[]): number {
  const [type, subtype] = offered.split('/')
  const matching = [
    ranges.find(range => range.type === type && range.subtype === subtype),
    ranges.find(range => range.type === type && range.subtype === '*'),
    ranges.find(range => range.type === '*' && range.subtype === '*')
  ]
  return matching.find(range => range !== undefined)?.quality ?? 0
}
