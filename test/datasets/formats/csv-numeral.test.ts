/** Numerals in bytes are the numbers that Number() makes of their text, to the last bit. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { COMMA, POINT, Splitter } from '../../../src/datasets/formats/csv/splitter.js'

/** Reads texts as the first cells of rows. */
function check (texts: string[], point = POINT): void {
  const rows = new Splitter({ separator: ';'.charCodeAt(0), quote: '"'.charCodeAt(0), point }, 2)
  // Twice: bare, and in quotes
  for (const quote of ['', '"']) {
    const bytes = Buffer.from(texts.map(text => `${quote}${text}${quote};x\n`).join(''))
    for (let begin = 0, done = 0; begin < bytes.length; done += rows.rows) {
      begin = rows.split(bytes, begin, bytes.length, true)
      assert.equal(rows.fault, undefined)
      for (let row = 0; row < rows.rows; row++) {
        const text = texts[done + row]!
        const got = rows.number(row, 0)
        assert.ok(Object.is(got, numberOf(text)), `${text} must be ${numberOf(text)}, got ${got}`)
      }
    }
  }
  rows.close()
}

function numberOf (text: string): number {
  const value = Number(text.replace(',', '.'))
  return /^[-+.,\deE]+$/.test(text) && Number.isFinite(value) ? value : NaN
}

test('Splitter: forms of numbers', () => {
  check([
    '0', '-0', '+1', '00012', '.5', '-.5', '5.', '.', '-', '+', '', 'e5', '.e5', '1e', '1e+', '1e5', '1E+05', '1.5e-3', '1e400', '1e-400', '-1e99999', '--1', '1-1', '1e5e5', '1.2.3',
    '123456789', '1234567890', '1700000000000', '999999999999999', '9007199254740993', '1.7976931348623157e308', '5e-324', '2.2250738585072014e-308', '0x1f', 'Infinity', 'NaN', '1x', '1e5x',
    '0.1', '4.35', '0.30000000000000004', '9007199254740992.5', '9007199254740993.0', '0.000000000000000000001', '123456789.123456789123456789', '1234567890123456789012345.5',
    '-0.0', '-0e5', '0e-400', '00000000000000000000001', '0.00000000000000000000000', '18446744073709551615', '18446744073709551616', '9999999999999999999', '99999999999999999999', '12345678', '12345678.12345678',
    '1'.repeat(400), `0.${'0'.repeat(400)}1`, `${'9'.repeat(200)}e-200`, '1e120', '1e121', '1e-120', '1e-121', '-1.5E+300', '/', ':', '1/', '1:', 'é1', '1é'
  ])
  check(['3,14', '0,30000000000000004', '1,5e-3', ',5', '1234567890123,25', '1,2,3', '-0,1', '12345678901234567,5', '123456789012345678901,5e3'], COMMA)
})

test('Splitter: numbers as people and programs write them', () => {
  const stream = openStream(11, 'numerals')
  check(Array.from({ length: 20_000 }, () => {
    const value = (stream.uniform() - 0.5) * 10 ** (stream.integer(40) - 20)
    return [String(value), value.toPrecision(6), value.toFixed(12), value.toExponential(18), value.toPrecision(17), value.toFixed(18)]
  }).flat())
})

test('Splitter: numbers of up to 20 digits and any power', () => {
  const stream = openStream(13, 'numerals')
  check(Array.from({ length: 40_000 }, () => {
    const digits = Array.from({ length: 1 + stream.integer(20) }, () => stream.integer(10)).join('')
    const point = stream.integer(digits.length + 1)
    return `${['', '-', '+'][stream.integer(3)]}${digits.slice(0, point)}.${digits.slice(point)}e${stream.integer(700) - 350}`
  }))
})

test('Splitter: numbers half way between two of Float64, and beside it', () => {
  const stream = openStream(12, 'numerals')
  check(Array.from({ length: 20_000 }, () => {
    // An odd number of 54 bits lies in the middle of two Float64; divided by a power of two, its decimals still end.
    const odd = 2n * (2n ** 52n + BigInt(stream.integer(2 ** 30)) * 2n ** 22n + BigInt(stream.integer(2 ** 22))) + 1n
    const shift = 30 + stream.integer(24)
    const digits = (odd * 5n ** BigInt(shift)).toString().padStart(shift + 1, '0')
    const exact = `${digits.slice(0, -shift)}.${digits.slice(-shift)}`
    const whole = odd.toString()
    return [
      exact, ...[17, 18, 19, 20].map(length => exact.slice(0, length)), ...[1, 8, 9].map(point => `${whole.slice(0, point)}.${whole.slice(point)}`),
      `${whole}e${stream.integer(30) - 15}`, `${whole[0]}.${whole.slice(1)}e16`, // whole: an exact tie
      ...[-1n, 1n].map(by => (odd * 2n ** 10n + by).toString()), (odd * 2n ** 3n).toString()
    ]
  }).flat())
})
