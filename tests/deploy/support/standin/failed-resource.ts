export interface FailedResource {
  readonly type: string;
  readonly name: string;
  readonly message: string;
}
