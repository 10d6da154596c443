import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scopes } from '../../src/kernel/scopes.js';

interface Operation {
  operationId: string;
  description?: string;
  'x-scopes'?: string[];
  security: Record<string, string[]>[];
}

const document = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, unknown> };
};
const operations = Object.values(document.paths).flatMap((item) =>
  Object.values(item).filter((one) => 'operationId' in one),
);

/** Which operations each scope opens to service accounts. Written by hand, because it judges the code. */
const opened: Record<string, string> = {
  'jobs:read': 'getActivity getJob getStage listActivityTypes listChanges listJobs listStages',
  'jobs:write': `createActivity createJob createStage deleteActivity deleteStage updateActivity updateJob updateStage`,
  'candidates:read': 'getCandidate listCandidates listChanges',
  'candidates:write': 'createCandidate updateCandidate',
  'applications:read': 'getApplication listApplications listChanges listTasks',
  'applications:write': 'createApplication updateApplication updateTask',
  'background_checks:read': `getBackgroundCheck getInterviewPlan listBackgroundCheckHistory listBackgroundChecks
    listChanges refreshBackgroundCheck streamUpdates`,
  'background_checks:send': 'cancelBackgroundCheck resendBackgroundCheck sendBackgroundCheck',
  'results:read': 'downloadReport',
  imports: 'importRecords',
  'integrations:read': 'getIntegration listDiscrepancies listIntegrations listPackages listWebhookEvents',
  any: 'getMe',
};

/** What only people do. */
const closed = `
  anonymiseCandidate createServiceAccount createServiceAccountKey createUser createWebhookEndpoint
  decideBackgroundCheck deleteServiceAccount deleteWebhookEndpoint disableIntegration eraseUser getResultRetentionRule
  getRetentionRule getServiceAccount getUser getWebhookEndpoint listAuditEntries listCandidatesDue listErasures
  listFailedAnonymisations listFailedResultRemovals listJobPermissions listRemovedResults listResultsDue
  listServiceAccounts listUsers listWebhookAttempts listWebhookEndpoints replaceJobPermissions replayWebhookEvent
  replayWebhookEvents revokeServiceAccountKey rotateWebhookSecret saveIntegration setLegalHold setResultRetentionRule
  setRetentionRule testIntegration testWebhookEndpoint updateServiceAccount updateUser updateWebhookEndpoint`;

const wordsOf = (text: string): string[] => text.split(/\s+/).filter(Boolean).sort();
const scopesOf = (one: Operation): string[] | undefined =>
  one.security.some((scheme) => 'apiKey' in scheme) ? (one['x-scopes'] ?? ['any']) : undefined;

describe('The scopes of service accounts', () => {
  it('open the operations on this list, and no others', () => {
    const found = Object.fromEntries(
      Object.keys(opened).map((scope) => [
        scope,
        operations
          .filter((one) => scopesOf(one)?.includes(scope))
          .map(({ operationId }) => operationId)
          .sort(),
      ]),
    );
    expect(found).toEqual(Object.fromEntries(Object.entries(opened).map(([scope, of]) => [scope, wordsOf(of)])));
    expect([...scopes, 'any'].sort()).toEqual(Object.keys(opened).sort());
  });

  it('leave everything else to people', () => {
    const others = operations.filter((one) => one.security.length > 0 && scopesOf(one) === undefined);
    expect(others.map(({ operationId }) => operationId).sort()).toEqual(wordsOf(closed));
  });

  it('are said in the description of each operation', () => {
    for (const one of operations) {
      const needed = scopesOf(one)?.filter((scope) => scope !== 'any') ?? [];
      for (const scope of needed) expect(one.description).toContain(`\`${scope}\``);
    }
    expect(document.components.securitySchemes['apiKey']).toMatchObject({ in: 'header', name: 'X-API-Key' });
  });
});
