/** The steps to connect, with the names of Certn's current menu and of its older one (docs/requirements.md ). */
export const setupSteps = (webhookUrl: string): string[] => [
  'Sign in to Certn with Admin access. You need it to create an API key.',
  'In Certn, open Settings > Integrations > API Keys, add an API key and copy it. ' +
    '(In the older menu: Team Settings > API Keys > Add API Key.)',
  `In Certn, open Settings > Integrations > Webhooks and enter the webhook URL ${webhookUrl}. ` +
    'Certn checks the URL immediately. (In the older menu: the General tab, Webhook URL.)',
  'Copy the webhook secret that Certn shows for this URL. ' +
    '(In the older menu: the General tab, Webhook Secret > Generate New, which copies it.)',
  'Here, select your account at the bottom of the main sidebar, then Admin settings > Integrations, and open Certn.',
  'Paste the two values into "API key" and "Webhook secret key", choose the region and environment of your Certn ' +
    'account, and select "Save & close".',
];
