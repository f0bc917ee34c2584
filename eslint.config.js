import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/dist-test/**',
      'coverage/**',
      '.nx/**',
      'packages/netlink/wasm/**',
      '**/page.generated.ts',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Void calls in one-line arrow functions read well here; the compiler checks that nothing uses the value.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // TypeScript's own check of process.env and other index signatures asks for brackets.
      '@typescript-eslint/dot-notation': 'off',
      // `void` as the result of a call without an answer: Call<void>, Request<void>.
      '@typescript-eslint/no-invalid-void-type': [
        'error',
        { allowInGenericTypeArguments: true, allowAsThisParameter: true },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Name what is exported.' },
        { selector: 'TSEnumDeclaration', message: 'Use an `as const` object.' },
      ],
      // An async function without await turns what it throws into a rejection, as its callers expect.
      '@typescript-eslint/require-await': 'off',
      // A caught error is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Where an index is known to be there, `as T` says it; `!` is forbidden.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // Members of exported tables, whose types say what they are given.
    files: ['test-vm/src/faults/*.ts', 'test-vm/src/scenarios/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    files: ['examples/*.ts'],
    // Programs for a terminal.
    rules: { 'no-console': 'off' },
  },
  {
    files: ['packages/*/test/**/*.ts'],
    // chai's assertions are property reads: expect(x).to.be.true
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
);
