/** Numerals in bytes are the numbers that Number() makes of their text, to the last bit. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStream } from '../../../src/math/random.js'
import { COMMA, POINT, readNumeral } from '../../../src/datasets/formats/csv/numeral.js'

function check (text: string, point = POINT): void {
  const values = new Float64Array(1)
  const end = readNumeral(Buffer.from(`${text}\n`), 0, point, values, 0)
  const value = Number(text.replace(',', '.'))
  const expected = /^[-+.,\deE]+$/.test(text) && Number.isFinite(value) ? value : NaN
  const got = end === text.length ? values[0] : NaN
  assert.ok(Object.is(got, expected), `${text} must be ${expected}, got ${got}`)
}

test('readNumeral: forms', () => {
  const forms = [
    '0', '-0', '+1', '00012', '.5', '-.5', '5.', '.', '-', '+', '', 'e5', '.e5', '1e', '1e+', '1e5', '1E+05', '1.5e-3', '1e400', '1e-400', '-1e99999', '--1', '1-1', '1e5e5', '1.2.3',
    '123456789', '1234567890', '1700000000000', '999999999999999', '9007199254740993', '1.7976931348623157e308', '5e-324', '2.2250738585072014e-308', '0x1f', 'Infinity', 'NaN', ' 1',
    '0.1', '4.35', '0.30000000000000004', '9007199254740992.5', '9007199254740993.0', '0.000000000000000000001', '123456789.123456789123456789', '1234567890123456789012345.5'
  ]
  for (const form of forms) check(form)
  for (const form of ['3,14', '0,30000000000000004', '1,5e-3', ',5', '1234567890123,25', '1,2,3']) check(form, COMMA)
})

test('readNumeral: as people and programs write numbers', () => {
  const stream = openStream(11, 'numerals')
  for (let i = 0; i < 20_000; i++) {
    const value = (stream.uniform() - 0.5) * 10 ** (stream.integer(40) - 20)
    for (const text of [String(value), value.toExponential(18), value.toPrecision(17), value.toPrecision(6), value.toFixed(12), value.toFixed(18)]) check(text)
  }
})

test('readNumeral: half way between two numbers and beside it', () => {
  const stream = openStream(12, 'numerals')
  for (let i = 0; i < 20_000; i++) {
    // An odd number of 54 bits lies in the middle of two Float64; divided by a power of two, its decimals still end.
    const odd = 2n * (2n ** 52n + BigInt(stream.integer(2 ** 30)) * 2n ** 22n + BigInt(stream.integer(2 ** 22))) + 1n
    const shift = 30 + stream.integer(24)
    const digits = (odd * 5n ** BigInt(shift)).toString().padStart(shift + 1, '0')
    const exact = `${digits.slice(0, -shift)}.${digits.slice(-shift)}`
    check(exact)
    for (const length of [17, 18, 19, 20]) check(exact.slice(0, length))
    const whole = odd.toString()
    for (const point of [1, 8, 9]) check(`${whole.slice(0, point)}.${whole.slice(point)}`)
    check(`${whole}e${stream.integer(30) - 15}`)
    check(`${whole[0]}.${whole.slice(1)}e16`) // whole: an exact tie
  }
})
