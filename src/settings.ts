import { type Env, type Reader, readPart } from '#platform/config/reader';
import { serviceSettings, type Settings } from '#platform/config/settings';
import { accessSettings } from './contexts/access/settings.js';
import { backgroundChecksSettings } from './contexts/background-checks/settings.js';
import { makeVendors } from './contexts/integrations/integrations.module.js';
import { integrationsSettings } from './contexts/integrations/settings.js';
import { interviewPlanningSettings } from './contexts/interview-planning/settings.js';
import { webhookEndpointsSettings } from './contexts/webhook-endpoints/settings.js';

/** What each part of the service reads for itself. Faults go into the reader. */
export const settingsOfContexts: readonly ((reader: Reader) => object)[] = [
  accessSettings,
  interviewPlanningSettings,
  backgroundChecksSettings,
  integrationsSettings,
  webhookEndpointsSettings,
];

/**
 * Reads and checks the environment of `serve`. Throws `SettingsError` that names every fault at once, also those in the settings
 * of a context or a vendor.
 */
export const readSettings = (env: Env): Settings =>
  readPart((reader) => {
    const settings = serviceSettings(reader);
    for (const read of [...settingsOfContexts, makeVendors]) read(reader);
    return settings;
  }, env);
