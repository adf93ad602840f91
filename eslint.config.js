/** Style by neostandard; below it the project's own rules: which folder may import which, and who reads process.env. */
import neostandard, { plugins } from 'neostandard'

const typescript = plugins['typescript-eslint'].plugin

/**
 * Imports point one way: routes -> jobs -> algorithms -> influence -> tensor. What a folder's files may not import,
 * with the reason; types may be imported from anywhere, for they are gone when the code runs.
 */
const borders = [
  {
    files: ['src/routes/**', 'src/app.ts'],
    forbidden: ['**/tensor/**', '!**/tensor/architecture.js'],
    reason: 'The API process never loads the tensor library.'
  },
  {
    files: ['src/routes/**', 'src/app.ts'],
    forbidden: ['**/influence/**', '!**/influence/schemas.js', '!**/influence/operations.js'],
    reason: 'Questions are answered in an executor; the API knows what they look like.'
  },
  {
    files: ['src/jobs/**'],
    forbidden: ['**/routes/**', '**/app.js'],
    reason: 'Jobs know nothing of HTTP.'
  },
  {
    files: ['src/storage/**'],
    forbidden: ['**/routes/**', '**/app.js', '**/jobs/**', '**/algorithms/**', '**/influence/**', '**/tensor/**'],
    reason: 'Storage stores: it knows neither who asks nor what the bytes mean.'
  },
  {
    files: ['src/datasets/**', 'src/start/**'],
    forbidden: ['**/routes/**', '**/app.js', '**/jobs/**', '**/algorithms/**', '**/influence/**', '**/tensor/**', '**/optimizers/**'],
    reason: 'What an upload becomes, and what starts the service, stand on storage and on leaves.'
  },
  {
    files: ['src/algorithms/**'],
    forbidden: ['**/routes/**', '**/app.js', '**/jobs/**', '**/storage/**'],
    reason: 'An algorithm knows no HTTP, SQL, threads, clocks or logs.'
  },
  {
    files: ['src/influence/**'],
    forbidden: ['**/routes/**', '**/app.js', '**/jobs/**', '**/storage/**', '**/algorithms/**'],
    reason: 'Influence serves every stored network: it knows arrays and networks only.'
  },
  {
    files: ['src/tensor/**'],
    forbidden: ['**/routes/**', '**/app.js', '**/jobs/**', '**/storage/**', '**/algorithms/**', '**/influence/**'],
    reason: 'The numeric engine is the lowest layer.'
  },
  {
    files: ['src/optimizers/**'],
    forbidden: ['**/routes/**', '**/app.js', '**/jobs/**', '**/storage/**', '**/algorithms/**', '**/influence/**', '**/tensor/**', '!**/tensor/float64', '!**/tensor/float64/**'],
    reason: 'An optimizer knows its objective and the Float64 kernels.'
  },
  {
    files: ['src/*.ts', 'src/math/**'],
    except: ['src/app.ts', 'src/main.ts'],
    forbidden: ['**/routes/**', '**/jobs/**', '**/storage/**', '**/algorithms/**', '**/influence/**', '**/tensor/**', '**/optimizers/**'],
    reason: 'Leaf modules are used by all folders and use none.'
  }
]

/** A file's last matching block wins in ESLint, so the borders of one set of files are one rule. */
function importRules () {
  const sets = new Map()
  for (const { files, except = [], ...border } of borders) {
    const key = JSON.stringify([files, except])
    sets.set(key, [...(sets.get(key) ?? []), border])
  }
  return [...sets].map(([key, patterns]) => {
    const [files, ignores] = JSON.parse(key)
    return {
      files,
      ...(ignores.length > 0 ? { ignores } : {}),
      rules: {
        '@typescript-eslint/no-restricted-imports': ['error', {
          patterns: patterns.map(({ forbidden, reason }) => ({ group: forbidden, message: reason, allowTypeImports: true }))
        }]
      }
    }
  })
}

export default [
  ...neostandard({ ts: true, ignores: ['dist/**', 'data/**', 'src/storage/generated/**', 'openapi/types.ts', 'src/tensor/float64/assembly/**'] }),
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
        { name: 'Date', message: 'The same spec and seed give the same numbers.' }],
      'no-restricted-properties': ['error',
        { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
        { object: 'Math', property: 'random', message: 'Randomness comes from seeded streams (src/math/random.ts).' }]
    }
  },
  ...importRules()
]
