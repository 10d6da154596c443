import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { isDeliverable } from '#kernel/email';
import { ContractValidation } from '#platform/http/validation';
import { EmailAddress, MayBeAbsent, ShortText } from '#platform/http/text';
import { applicationStatuses, type ApplicationStatus, type JobStatus, jobStatuses } from '../contract.js';
import type { CandidateDetails } from '../domain/candidate.js';
import type { JobDetails } from '../domain/job.js';

/** The fields of records from outside, both for single HTTP requests and for the lines of an import. */
export class JobFields {
  @ShortText() @ApiProperty() name!: string;
  @ShortText() @IsOptional() @ApiProperty({ type: String, nullable: true, required: false }) requisition_id?:
    string | null;
  @IsBoolean() @MayBeAbsent() @ApiProperty({ required: false }) confidential?: boolean;
  @IsIn(jobStatuses) @MayBeAbsent() @ApiProperty({ enum: jobStatuses, required: false }) status?: JobStatus;
}

class Primary {
  @IsBoolean() @MayBeAbsent() @ApiProperty({ required: false }) is_primary?: boolean;
}

/** An address that a person types. It must be deliverable. */
export class EmailFields extends Primary {
  @EmailAddress() @ApiProperty() value!: string;
}

/** An address from another system. An import brings history, and a wrong address must not lose it. */
class ImportedEmailFields extends Primary {
  @ShortText(320) value!: string;
}

export class PhoneFields {
  @ShortText(64) @ApiProperty() value!: string;
}

/** A short list of objects. */
const Several = (type: new () => object): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(20),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(() => type),
    MayBeAbsent(),
    ApiProperty({ type: [type], required: false }),
  );

class PersonFields {
  @ShortText() @ApiProperty() first_name!: string;
  @ShortText() @ApiProperty() last_name!: string;
  @Several(PhoneFields) phone_numbers?: PhoneFields[];
}

export class CandidateFields extends PersonFields {
  @Several(EmailFields) email_addresses?: EmailFields[];
}

export class ImportedCandidateFields extends PersonFields {
  @Several(ImportedEmailFields) email_addresses?: ImportedEmailFields[];
}

/** The warnings of an import about a candidate's addresses, by field. */
export function addressWarnings({ email_addresses = [] }: ImportedCandidateFields): Record<string, string[]> {
  const unusable = 'No check can be sent to this address: it is not a valid email address.';
  const fields = email_addresses.flatMap(({ value }, i) =>
    isDeliverable(value) ? [] : [`email_addresses.${i}.value`],
  );
  return Object.fromEntries(fields.map((field) => [field, [unusable]]));
}

export class ApplicationFields {
  @ShortText() candidate!: string;
  @ShortText() job!: string;
  @IsIn(applicationStatuses) @MayBeAbsent() status?: ApplicationStatus;
}

/** The validated fields of an import line. Throws the 422 that names the invalid ones. */
export async function checked<T>(fields: Record<string, unknown>, metatype: new () => T): Promise<T> {
  return (await new ContractValidation().transform(fields, { type: 'body', metatype })) as T;
}

/** Only the stated fields. A field that is left out keeps its value or takes the default. */
const stated = <T extends object>(details: Partial<T>): Partial<T> =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)) as Partial<T>;

export const jobDetails = ({ name, requisition_id, status, confidential }: Partial<JobFields>): Partial<JobDetails> =>
  stated<JobDetails>({ name, requisitionId: requisition_id, status, confidential });

export const candidateDetails = (fields: Partial<ImportedCandidateFields>): Partial<CandidateDetails> =>
  stated<CandidateDetails>({
    firstName: fields.first_name,
    lastName: fields.last_name,
    emailAddresses: fields.email_addresses?.map(({ value, is_primary }) => ({
      value: value.trim(),
      is_primary: is_primary ?? false,
    })),
    phoneNumbers: fields.phone_numbers?.map(({ value }) => ({ value: value.trim() })),
  });

export const newJob = (fields: JobFields): JobDetails => ({
  requisitionId: null,
  status: 'open',
  confidential: false,
  ...jobDetails(fields),
  name: fields.name,
});

export const newCandidate = (fields: ImportedCandidateFields): CandidateDetails => ({
  emailAddresses: [],
  phoneNumbers: [],
  ...candidateDetails(fields),
  firstName: fields.first_name,
  lastName: fields.last_name,
});
