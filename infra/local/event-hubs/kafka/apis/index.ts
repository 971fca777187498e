import type { KafkaApi } from '../api.ts';
import { makeApiVersions } from './api-versions.ts';
import { describeCluster, describeConfigs } from './cluster.ts';
import { deleteGroups, describeGroups, listGroups, offsetDelete } from './describe-groups.ts';
import { fetch } from './fetch.ts';
import { findCoordinator, heartbeat, joinGroup, leaveGroup, syncGroup } from './groups.ts';
import { initProducerId } from './init-producer-id.ts';
import { listOffsets } from './list-offsets.ts';
import { metadata } from './metadata.ts';
import { offsetCommit, offsetFetch } from './offsets.ts';
import { produce } from './produce.ts';
import { saslAuthenticate, saslHandshake } from './sasl.ts';
import { createPartitions, createTopics, deleteTopics } from './topics.ts';

const served: readonly KafkaApi[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  saslHandshake,
  initProducerId,
  saslAuthenticate,
  describeGroups,
  listGroups,
  deleteGroups,
  offsetDelete,
  describeCluster,
  describeConfigs,
  createTopics,
  deleteTopics,
  createPartitions,
];

/** Every API of this endpoint, ApiVersions included. */
export const apis: readonly KafkaApi[] = [...served, makeApiVersions(served)];
