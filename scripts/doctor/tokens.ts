import { connectionUrl } from '../../src/connect/address';
import { type DoctorCheck, note, ok, problem } from './check';
import { sendPing } from './deployment';

const ON = 'MCP_ACCESS_TOKENS=true';

/** Whether /mcp/bearer is as the settings say: one request without a token. */
export const tokensCheck: DoctorCheck = {
  title: 'Access tokens',
  run: async ({ url, config, file }) => {
    const wanted = config.accessTokens;
    if (url === undefined) return [note(wanted ? `On. Add --url to check the deployment.` : 'Off.')];
    let status: number;
    try {
      ({ status } = await sendPing(`${new URL(connectionUrl(url, {})).origin}/mcp/bearer`));
    } catch {
      return [note('Skipped: the server does not answer.')];
    }
    if (status !== 401 && status !== 404)
      return [
        problem(
          `/mcp/bearer answers HTTP ${status} to a request without a token.`,
          'Deploy this version again with npm run deploy.',
        ),
      ];
    const isOn = status === 401;
    if (isOn === wanted)
      return [isOn ? ok('On: /mcp/bearer refuses a request without a token.') : ok('Off: /mcp/bearer answers 404.')];
    return [
      isOn
        ? note(`On in the deployment: its variables have ${ON}, ${file} has not.`)
        : problem(
            `${file} has ${ON}, but /mcp/bearer answers 404.`,
            'Deploy with npm run deploy; locally, stop the server and run npm start again.',
          ),
    ];
  },
};
