import { aTeam } from '../../support/people.js';
import { anAccount, connect, type ConnectedTeam } from '../../support/fixtures.js';
import type { Stage } from './stage.js';

/** A team that the sign-in page shows under that name, with an account of its own at the stand-in. */
export async function connectedTeamCalled(name: string, { app, sandbox }: Stage): Promise<ConnectedTeam> {
  const { teamId, admin } = await aTeam(app, name);
  const account = await anAccount(sandbox);
  await connect(admin, account);
  await sandbox.control.registerWebhook(account.id, `${app.url}/certn/certnWebhookHandler`);
  const packages = account.packages.map(({ id, name: called }) => ({ id, name: called }));
  return { teamId, admin, account, sandbox, packages, packageId: packages[0]?.id ?? '' };
}
