import { AbstractStartedContainer, GenericContainer, Wait } from 'testcontainers';
import { SandboxControl } from './control-client.ts';

const port = 4010;

/** A Certn in a container: `await new CertnStandIn().start()`. The image comes from `packages/testkit/Dockerfile`. */
export class CertnStandIn extends GenericContainer {
  constructor(image = 'certn-stand-in') {
    super(image);
    this.withExposedPorts(port).withWaitStrategy(Wait.forHttp('/control/accounts', port));
  }

  override async start(): Promise<StartedCertnStandIn> {
    const started = new StartedCertnStandIn(await super.start());
    await started.control.setAddress(started.url);
    return started;
  }
}

export class StartedCertnStandIn extends AbstractStartedContainer {
  readonly control: SandboxControl = new SandboxControl(() => this.url);

  /** Its address for this machine. Another container that calls it gives its own to `control.setAddress`. */
  get url(): string {
    return `http://${this.getHost()}:${this.getMappedPort(port)}`;
  }
}
