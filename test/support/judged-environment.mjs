import { judgedFetch } from './judge/judged-fetch.ts';
import NodeEnvironment from './node-environment.mjs';

/** For tests of the service: whatever it answers to `fetch` must be as openapi.json describes it. `startApp` adds its address. */
export default class extends NodeEnvironment {
  async setup() {
    await super.setup();
    this.global.judgedServices = new Set();
    this.global.fetch = judgedFetch(this.global.fetch, this.global.judgedServices);
  }
}
