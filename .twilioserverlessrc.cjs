/*
 * The settings of twilio-run and the Twilio CLI. Both load this file before they read the build, so it rebuilds first if
 * the sources have changed: `twilio serverless:deploy` never uploads an old build.
 */
const { execFileSync } = require('node:child_process');

execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts', '--if-changed'], {
  cwd: __dirname,
  // What deploy writes to stdout may be JSON.
  stdio: ['ignore', process.stderr, process.stderr],
});

// `twilio serverless:start` and `twilio-run` serve this machine only, as `npm start` does.
require('./dist/local/loopback-guard.js');

module.exports = {
  functionsFolder: 'dist/functions',
  assetsFolder: 'dist/assets',
  commands: {
    start: { forkProcess: false, live: false },
    deploy: { runtime: 'node22', overrideExistingProject: true },
  },
};
