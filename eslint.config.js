/** Style by neostandard, and the project's own rules below it. Which folder may import which: test/house.test.ts. */
import neostandard, { plugins } from 'neostandard'

const typescript = plugins['typescript-eslint'].plugin

export default [
  ...neostandard({ ts: true, ignores: ['dist/**', 'data/**', 'src/storage/generated/**', 'openapi/types.ts', 'src/**/assembly/**'] }),
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': typescript },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      // A schema and its type share a name: const Layer = Type.Object(...), type Layer = Static<typeof Layer>
      '@typescript-eslint/no-redeclare': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }]
    }
  },
  {
    rules: {
      '@stylistic/max-len': ['error', {
        // 110 is the aim, for comments too; a table's row or a signature may be wider
        code: 140,
        // Text is not wrapped: a message is found by searching for it.
        ignoreStrings: true,
        ignoreTemplateLiterals: true,
        ignoreRegExpLiterals: true
      }],
      'no-void': ['error', { allowAsStatement: true }],
      // cannot see that a callback changes the variable
      'no-unmodified-loop-condition': 'off'
    }
  },
  {
    files: ['src/**'],
    ignores: ['src/config.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' }],
      'no-console': 'error'
    }
  },
  {
    files: ['src/algorithms/**', 'src/optimizers/**'],
    rules: {
      'no-restricted-globals': ['error',
        { name: 'performance', message: 'A run has context.clock, for metrics marked timing.' },
        { name: 'Date', message: 'The same spec and seed give the same numbers.' },
        ...['setTimeout', 'setInterval', 'setImmediate', 'fetch'].map(name => ({ name, message: 'A run computes; whoever runs it waits and asks.' }))],
      'no-restricted-properties': ['error',
        { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
        { object: 'Math', property: 'random', message: 'Randomness comes from seeded streams (src/math/random.ts).' }]
    }
  }
]
