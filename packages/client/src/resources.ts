import type { OperationId } from './calls.ts';

/** The operations of the API as integrators look for them. A test fails when one of the document is missing here. */
export const resources = {
  users: {
    me: 'getMe',
    list: 'listUsers',
    create: 'createUser',
    get: 'getUser',
    update: 'updateUser',
    erase: 'eraseUser',
  },
  jobs: {
    list: 'listJobs',
    create: 'createJob',
    get: 'getJob',
    update: 'updateJob',
    permissions: 'listJobPermissions',
    replacePermissions: 'replaceJobPermissions',
  },
  candidates: {
    list: 'listCandidates',
    create: 'createCandidate',
    get: 'getCandidate',
    update: 'updateCandidate',
    anonymise: 'anonymiseCandidate',
    setLegalHold: 'setLegalHold',
  },
  /** The stages of a job's interview plan. */
  stages: { list: 'listStages', create: 'createStage', get: 'getStage', update: 'updateStage', delete: 'deleteStage' },
  /** What is done in a stage: an interview, a task, a background check. */
  activities: {
    types: 'listActivityTypes',
    create: 'createActivity',
    get: 'getActivity',
    update: 'updateActivity',
    delete: 'deleteActivity',
  },
  applications: {
    list: 'listApplications',
    create: 'createApplication',
    get: 'getApplication',
    update: 'updateApplication',
    interviewPlan: 'getInterviewPlan',
    tasks: 'listTasks',
    updateTask: 'updateTask',
  },
  backgroundChecks: {
    list: 'listBackgroundChecks',
    get: 'getBackgroundCheck',
    history: 'listBackgroundCheckHistory',
    send: 'sendBackgroundCheck',
    resend: 'resendBackgroundCheck',
    refresh: 'refreshBackgroundCheck',
    cancel: 'cancelBackgroundCheck',
    decide: 'decideBackgroundCheck',
    downloadReport: 'downloadReport',
  },
  /** What changed since a cursor, for those who keep a copy. */
  changes: { list: 'listChanges' },
  /** Addresses of other systems that events are sent to. */
  webhookEndpoints: {
    list: 'listWebhookEndpoints',
    create: 'createWebhookEndpoint',
    get: 'getWebhookEndpoint',
    update: 'updateWebhookEndpoint',
    delete: 'deleteWebhookEndpoint',
    rotateSecret: 'rotateWebhookSecret',
    test: 'testWebhookEndpoint',
    attempts: 'listWebhookAttempts',
    replay: 'replayWebhookEvents',
  },
  /** Programs of the team, with keys. */
  serviceAccounts: {
    list: 'listServiceAccounts',
    create: 'createServiceAccount',
    get: 'getServiceAccount',
    update: 'updateServiceAccount',
    delete: 'deleteServiceAccount',
    createKey: 'createServiceAccountKey',
    revokeKey: 'revokeServiceAccountKey',
  },
  /** Loads many records at once: one JSON object a line, and as many lines of results. */
  imports: { run: 'importRecords' },
  /** The vendors of background checks. */
  integrations: {
    list: 'listIntegrations',
    get: 'getIntegration',
    save: 'saveIntegration',
    disable: 'disableIntegration',
    test: 'testIntegration',
    packages: 'listPackages',
    webhookEvents: 'listWebhookEvents',
    replayWebhookEvent: 'replayWebhookEvent',
    discrepancies: 'listDiscrepancies',
  },
  /** How long data are kept, and what was removed. */
  privacy: {
    rule: 'getRetentionRule',
    setRule: 'setRetentionRule',
    due: 'listCandidatesDue',
    failures: 'listFailedAnonymisations',
    erasures: 'listErasures',
    resultRule: 'getResultRetentionRule',
    setResultRule: 'setResultRetentionRule',
    resultsDue: 'listResultsDue',
    resultFailures: 'listFailedResultRemovals',
    removedResults: 'listRemovedResults',
  },
  auditLog: { list: 'listAuditEntries' },
} as const satisfies Record<string, Record<string, OperationId>>;

/** Operations without a name above: `client.updates()` has a surface of its own. */
export const unnamed: readonly OperationId[] = ['streamUpdates'];
