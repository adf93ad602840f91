import assert from 'node:assert/strict'
import test from 'node:test'
import { parseCommandLine } from '../../src/start/command-line.js'

test('parseCommandLine takes no argument as start', () => {
  assert.deepEqual(parseCommandLine([]), { command: 'start', settings: {} })
})

test('parseCommandLine reads settings as options, with a space or with =', () => {
  assert.deepEqual(parseCommandLine(['serve', '--port', '4000', '--database-url=postgres://u:p@h/d?a=b']), {
    command: 'serve',
    settings: { PORT: '4000', DATABASE_URL: 'postgres://u:p@h/d?a=b' }
  })
})

test('parseCommandLine reads the folder of backup and restore', () => {
  assert.deepEqual(parseCommandLine(['restore', '--data-dir', '/d', '/backups/one']), {
    command: 'restore', folder: '/backups/one', settings: { DATA_DIR: '/d' }
  })
})

for (const args of [['--help'], ['-h'], ['help'], ['serve', '--help']]) {
  test(`parseCommandLine takes ${args.join(' ')} as a call for help`, () => {
    assert.equal(parseCommandLine(args).command, 'help')
  })
}

for (const [args, message] of [
  [['fly'], 'The command must be one of start, serve, work, key, backup, restore, got "fly"; --help explains them'],
  [['start', 'work'], 'One command at a time, got "start" and "work"'],
  [['backup', '--port', '1'], 'The command backup needs a folder, as in backup /var/backups'],
  [['restore', '/a', '/b'], 'One command at a time, got "restore" and "/b"'],
  [['--prot', '1'], 'There is no option --prot; --help lists them'],
  [['--port'], 'The option --port needs a value, as in --port VALUE']
] as const) {
  test(`parseCommandLine refuses ${args.join(' ')} and says why`, () => {
    assert.throws(() => parseCommandLine(args), { name: 'OperatorError', message })
  })
}
