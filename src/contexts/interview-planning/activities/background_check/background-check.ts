import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Equals, IsString, Length, Matches, MaxLength } from 'class-validator';
import { invalidField } from '#kernel/errors';
import { storableText } from '#platform/http/text';
import {
  ActivityKind,
  type ItemContent,
  type ItemPlace,
  type Offer,
  type PlanPlace,
} from '../../domain/activity-kind.js';
import { choosePackage, ConnectionState, Packages, PlanVendors } from '../../domain/packages.js';
import type { Activity } from '../activity.js';

const type = 'background_check';
const packageRule = { message: 'choose the package that this activity sends' };
const vendorRule = 'choose the vendor of this activity';

class ChangeBackgroundCheckRequest {
  @ApiProperty({ minLength: 1, maxLength: 255, description: "The package that it orders, of the activity's vendor." })
  @Matches(storableText, packageRule)
  @Length(1, 255, packageRule)
  @IsString(packageRule)
  package_id!: string;
}

class CreateBackgroundCheckRequest extends ChangeBackgroundCheckRequest {
  @ApiProperty({ enum: [type] })
  @Equals(type)
  type!: typeof type;

  @ApiProperty({ type: String, description: 'The vendor that it is ordered from: an id as in paths.' })
  @Matches(/^[a-z0-9_]+$/, { message: vendorRule })
  @MaxLength(100, { message: vendorRule })
  @IsString({ message: vendorRule })
  vendor!: string;
}

@Injectable()
class BackgroundCheckKind extends ActivityKind<CreateBackgroundCheckRequest, ChangeBackgroundCheckRequest> {
  constructor(
    private readonly vendors: PlanVendors,
    private readonly connection: ConnectionState,
    private readonly packages: Packages,
  ) {
    super();
  }

  /** One for each vendor that the team is connected to. */
  override async offers(teamId: string): Promise<Offer[]> {
    const vendors = await this.vendors.all();
    const connected = await Promise.all(vendors.map(({ id }) => this.connection.isConnected(teamId, id)));
    return vendors
      .filter((_, nth) => connected[nth])
      .map(({ id, name, activityLabel }) => ({ vendor: id, vendor_name: name, label: activityLabel }));
  }

  async create({ teamId }: PlanPlace, { vendor, package_id }: CreateBackgroundCheckRequest): Promise<ItemContent> {
    const chosen = await this.choose(teamId, vendor, package_id);
    return { vendor, name: chosen.activityName, package: chosen.package, configuration: null };
  }

  /** Its vendor never changes. */
  async change({ teamId, vendor }: ItemPlace, { package_id }: ChangeBackgroundCheckRequest) {
    const chosen = await this.choose(teamId, vendor ?? '', package_id);
    return (present: ItemContent): ItemContent => ({ ...present, package: chosen.package });
  }

  private async choose(teamId: string, vendorId: string, packageId: string) {
    const vendor = (await this.vendors.all()).find(({ id }) => id === vendorId);
    if (!vendor) throw invalidField('vendor', 'invalid_request', vendorRule);
    const chosen = await choosePackage(this.connection, this.packages, teamId, vendor, packageId);
    return { activityName: vendor.activityName, package: chosen };
  }
}

/** Orders a background check of its package from its vendor. Checks that were sent before keep theirs. */
export const backgroundCheck: Activity = {
  type,
  label: 'Background check',
  NewItem: CreateBackgroundCheckRequest,
  ItemChange: ChangeBackgroundCheckRequest,
  Kind: BackgroundCheckKind,
};
