import { Injectable } from '@nestjs/common';
import { notFound } from '#kernel/errors';
import { ActivityKinds } from '../../domain/activity-kind.js';
import { PlanVendors } from '../../domain/packages.js';
import type { ItemRow, StageRow } from '../../views/job-stages.js';

/** An activity as the API shows it: with the name of its vendor, and `configuration` in the kind's words. */
export type ShownItem = Omit<ItemRow, 'configuration'> & {
  vendor_name: string | null;
  configuration: object | null;
};
export type ShownStage = Omit<StageRow, 'items'> & { items: ShownItem[] };

/** Lets each kind show the configurations of its own activities. */
@Injectable()
export class ShownItems {
  constructor(
    private readonly kinds: ActivityKinds,
    private readonly vendors: PlanVendors,
  ) {}

  async of(teamId: string, items: readonly ItemRow[]): Promise<ShownItem[]> {
    const shown = new Map<string, object>();
    for (const [type, ofType] of Map.groupBy(items, (item) => item.type)) {
      const configured = ofType.flatMap(({ id, configuration }) => (configuration ? [{ id, configuration }] : []));
      const kind = this.kinds.find(type);
      if (!kind || configured.length === 0) continue;
      const answers = await kind.show(
        teamId,
        configured.map(({ configuration }) => configuration),
      );
      configured.forEach(({ id }, nth) => shown.set(id, answers[nth] ?? {}));
    }
    const names = new Map((await this.vendors.all()).map(({ id, name }) => [id, name]));
    return items.map((item) => {
      const { vendor } = item;
      const vendor_name = vendor === null ? null : (names.get(vendor) ?? vendor);
      return { ...item, vendor_name, configuration: shown.get(item.id) ?? null };
    });
  }

  async one(teamId: string, item: ItemRow): Promise<ShownItem> {
    const [shown] = await this.of(teamId, [item]);
    if (!shown) throw notFound();
    return shown;
  }

  async ofStages(teamId: string, stages: readonly StageRow[]): Promise<ShownStage[]> {
    const items = await this.of(
      teamId,
      stages.flatMap((stage) => stage.items),
    );
    const byStage = Map.groupBy(items, (item) => item.stage_id);
    return stages.map((stage) => ({ ...stage, items: byStage.get(stage.id) ?? [] }));
  }
}
