/** Cells that look like numbers to people get advice; words do not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adviseNumber } from '../../src/datasets/table/number-advice.js'

test('adviseNumber: thousands separators and decimals of another language', () => {
  for (const cell of ['1,234.50', '1.234,5', '1,234,567', "1'234", '-12 345,6', '1\u00a0234', '1.234.567']) assert.match(adviseNumber(cell)!, /^thousands separators must be left out/, cell)
  for (const cell of ['3,14', '-,5', '1,234', '1,5e3']) assert.match(adviseNumber(cell)!, /^say decimal=comma/, cell)
  for (const cell of ['3.14', '.5']) assert.match(adviseNumber(cell)!, /decimal=point/, cell)
  for (const cell of ['', 'x', '12', '1,2,3', '28.11.2026', '12,34,56', '1234,567,8']) assert.equal(adviseNumber(cell), undefined, cell)
})
