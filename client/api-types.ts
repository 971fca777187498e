/**
 * The types of the API: written by `npm run api:types` from the schemas of the routes. Do not edit.
 */
export interface paths {
    "/analytics/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Images by day and source; the counts stay when the images are erased */
        get: operations["analyseImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/membership": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Members at the end of each day by membership and status, and the day’s change */
        get: operations["analyseMembership"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/sales": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sales of a range of days, by day, week, month, product or membership; cancelled orders are not in the sums */
        get: operations["analyseSales"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The reference of the API, to read and to try: a page of the console */
        get: operations["docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the parts that this app needs answer, and how fast */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this app answers at all; it asks nothing else, so a probe may come often */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists images, newest first: your own, or as Engineering all */
        get: operations["listImages"];
        put?: never;
        /** Takes an image as the body, or 1 to 100 as the files of a form; refused when none of them is taken */
        post: operations["uploadImages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is known of an image, from the moment its id was answered */
        get: operations["getImage"];
        put?: never;
        post?: never;
        /** Erases an image everywhere, now */
        delete: operations["deleteImage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{id}/{variant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a variant, or of the original as `raw`: for its owner, or for a signed address */
        get: operations["getVariant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest signed checkpoint of the log of erasures (C2SP tlog-checkpoint) */
        get: operations["getLedgerCheckpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public key of the log of erasures (C2SP signed-note, Ed25519) */
        get: operations["getLedgerKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/tile/{tile}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files of the log of erasures (C2SP tlog-tiles): hashes by level, and `entries` */
        get: operations["getLedgerTile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logistics/daily": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders, weight and price of each day, by the day they were placed on */
        get: operations["dailyOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logistics/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders of a day, unfulfilled ones unless told, with their weights */
        get: operations["listOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logistics/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An order with what is in it and what each line weighs */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logistics/orders/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark an order completed; again changes nothing. If-Match keeps one that changed since you saw it */
        post: operations["completeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logistics/orders/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take back a completion, with a reason; a right of its own */
        post: operations["reopenOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logistics/orders/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark several orders completed, each in the version that was seen, and answer for each */
        post: operations["completeOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["openApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/attention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that needs somebody: images, readers, erasures, exports, the replica, the clock */
        get: operations["listConcerns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/bulk-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest runs over dead letters, and how far they are */
        get: operations["listBulkRuns"];
        put?: never;
        /** Replays or discards open dead letters in the background, or says what would become of each */
        post: operations["startBulkRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/bulk-runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a run over dead letters is */
        get: operations["getBulkRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/bulk-runs/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops a run; what it did stays done, the rest stays open */
        post: operations["stopBulkRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/dead-letter-counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many dead letters there are, by code, stage, hub and day */
        get: operations["countDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/dead-letter-export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All dead letters that a filter finds, a JSON object a line, oldest first */
        get: operations["exportDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What could not be processed and why, newest first */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One dead letter: what failed, where, how often, what it looks like, who replayed it */
        get: operations["getDeadLetter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/dead-letters/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends dead letters through the pipeline again, or says what would become of them */
        post: operations["replayDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Looks into a hub: events by offset, time or from the end, filtered; nothing is taken away */
        get: operations["browseHub"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far each table of the warehouse is, and how old that is */
        get: operations["listExports"];
        put?: never;
        /** Exports to the lake what has changed, as the timer does; when it is cut off, ask again */
        post: operations["exportNow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/hubs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Settings of the hubs as they are, and as the template says */
        get: operations["hubSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many images there are, by status and source */
        get: operations["countImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/lag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lag and throughput of the last minutes, where they are heading, and what was done meanwhile */
        get: operations["lagHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who counted, exported or erased a person’s data, when and why, newest first */
        get: operations["listPersonRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/people/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erases one person: all of an uploader, or what is personal of a member; `dryRun` only counts */
        post: operations["erasePerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/people/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Everything that is kept of one person; who asked and why is written down */
        post: operations["exportPerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/processors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The processors, and how many images each version of them worked on */
        get: operations["listProcessors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erases what is due now, as the timer does; `dryRun` only counts */
        post: operations["purgeNow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/purges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ledger of erasures, newest first */
        get: operations["listPurges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/purges/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Holds the ledger against its signed checkpoints, and against the images that are here */
        get: operations["verifyLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/readers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which readers are paused, since when, by whom and why; what pauses them by itself; what was done lately */
        get: operations["listReaders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/readers/limit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets how many dead letters of one code pause the reader of a hub by themselves */
        post: operations["limitReader"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/readers/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves the checkpoint of a paused reader, or says what would be read again or skipped */
        post: operations["moveReader"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/readers/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets the batches of readers wait, without a deployment or a restart; checkpoints stay */
        post: operations["pauseReaders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/readers/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets paused readers go on where they were, within half a minute */
        post: operations["resumeReaders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/reprocess": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs the processors over images that are still there, behind all new uploads */
        post: operations["requestReprocess"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/reprocess/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops bulk re-runs: images that were asked for and not begun stay as they are */
        post: operations["stopReprocess"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/rights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may do what in the database, as the database itself answers, beside what is meant */
        get: operations["reportRights"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/rights/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Through which group, role and schema somebody comes to an object of the database, or why not */
        post: operations["explainRights"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/sandbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The candidates that are deployed beside the released processors, for the sandbox alone */
        get: operations["describeSandbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/sandbox/photos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs the released processors and the candidates over a photo; nothing of it is kept */
        post: operations["tryPhoto"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/sandbox/shadows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs both over a stored image: figures of what differs, no pictures; nothing is changed or kept */
        post: operations["shadowImage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far behind each reader of each hub is, by partition, and how fast it goes */
        get: operations["streamState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** From a record (place, ce_id or key) to the image that became of it, and back */
        get: operations["traceImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/unfinished-images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Images that are stored, failed without a dead letter, or being erased for too long */
        get: operations["listUnfinishedImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sales/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Products, retired ones too unless told otherwise */
        get: operations["listProducts"];
        put?: never;
        /** Add a product */
        post: operations["addProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sales/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A product, with its etag */
        get: operations["getProduct"];
        put?: never;
        post?: never;
        /** Retire a product: it is no longer sold, and nothing is deleted */
        delete: operations["retireProduct"];
        options?: never;
        head?: never;
        /** Correct details of a product; what was sold keeps the price and weight it had */
        patch: operations["correctProduct"];
        trace?: never;
    };
    "/sales/products/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a product was: the latest 200 versions, the present one first, each with who made it and when */
        get: operations["productHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sales/products/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sell a retired product again */
        post: operations["restoreProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sales/products/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All products as CSV, which the import takes back; its first line says role, time and row count */
        get: operations["exportProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sales/products/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add and correct products from CSV, all rows or none; beside productId a column that is missing stays as it is */
        post: operations["importProducts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a resumable upload (tus 1.0.0), or join partial ones */
        post: operations["createUpload"];
        delete?: never;
        /** What the resumable uploads of this service can do; CORS preflight */
        options: operations["uploadsOptions"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** For clients that cannot send every method: X-HTTP-Method-Override names PATCH, HEAD or DELETE */
        post: operations["overriddenUpload"];
        /** End a resumable upload and forget its bytes */
        delete: operations["endUpload"];
        /** What the resumable uploads of this service can do; CORS preflight */
        options: operations["uploadOptions"];
        /** Where a resumable upload stands */
        head: operations["headUpload"];
        /** Send bytes at the offset where the upload stands */
        patch: operations["continueUpload"];
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptedImage: {
            /** Format: uuid */
            id: string;
            links: {
                self: string;
            };
            /** @constant */
            status: "received";
        };
        AllHubSettings: {
            /** Format: date-time */
            asOf: string;
            hubs: components["schemas"]["HubSettings"][];
            /** @description By the template */
            namespace: {
                /** @description null: this environment has no throughput units */
                maximumUnits: number | null;
                minimumUnits: number;
                tier: string;
            };
        };
        Attention: {
            /** Format: date-time */
            asOf: string;
            concerns: components["schemas"]["Concern"][];
        };
        BrowsedEvent: {
            /** @description Of the value */
            bytes: number;
            /** @description null: its image was erased */
            content: components["schemas"]["EventContent"] | null;
            /** Format: date-time */
            enqueuedAt: string;
            /** @enum {string} */
            hub: "image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter" | "image-outcomes";
            offset: string;
            partition: string;
            /** @description What Kafka calls the offset */
            sequenceNumber: number;
        };
        BrowsedEvents: {
            /** @description Nothing was behind them */
            atEnd: boolean;
            events: components["schemas"]["BrowsedEvent"][];
            next: string;
            /** @description Events that were looked at */
            scanned: number;
        };
        BulkFilter: {
            code?: components["schemas"]["ErrorCode"];
            /** Format: date-time */
            from?: string;
            /** @enum {string} */
            hub?: "image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter";
            stage?: string;
            /** Format: date-time */
            to?: string;
        };
        /**
         * @description `not-done`: something it needs was not reachable, so it is still open
         * @enum {string}
         */
        BulkOutcome: "applied" | "duplicate" | "fails-again" | "refused-erased" | "discarded" | "not-done";
        BulkRun: {
            /** @enum {string} */
            action: "replay" | "discard";
            actor: string;
            done: number;
            dryRun: boolean;
            endedAt: string | null;
            filter: components["schemas"]["BulkFilter"];
            id: string;
            outcomes: {
                applied?: number;
                discarded?: number;
                duplicate?: number;
                "fails-again"?: number;
                "not-done"?: number;
                "refused-erased"?: number;
            };
            /** @description At most so many a minute; null for as fast as it goes */
            perMinute: number | null;
            reason: string;
            /** @description The first 200; all outcomes are kept with their dead letters */
            results: {
                detail: string;
                id: string;
                outcome: components["schemas"]["BulkOutcome"];
            }[];
            /** Format: date-time */
            startedAt: string;
            /** @enum {string} */
            state: "running" | "done" | "stopped";
            stopped: {
                actor: string;
                reason: string;
            } | null;
            /** @description Open when it was started */
            total: number;
            /** @description What was not reachable at the last try, which is repeated */
            waitingFor: string | null;
        };
        Candidate: {
            name: string;
            /** @description null: a new processor */
            releasedVersion: string | null;
            variants: string[];
            version: string;
        };
        Completion: {
            completedAt: string | null;
            completedBy: string | null;
            orderId: number;
            /** @enum {string} */
            outcome: "done" | "already-done" | "refused";
            reason: ("not-found" | "cancelled" | "changed") | null;
            rowVersion: number | null;
        };
        Concern: {
            /** @description Images, events or receipts; 1000 may be more */
            count: number | null;
            /** @enum {string} */
            kind: "dead-letters" | "failed" | "stored" | "erasure-late" | "events-lost" | "reader-held" | "reader-paused" | "reader-late" | "run-waits" | "outcomes-late" | "receipts-late" | "export-late" | "replica-late" | "clock-differs" | "not-known";
            /** @description A code, a hub, a table, or what could not be looked at */
            of: string | null;
            since: string | null;
        };
        DayRange: {
            /**
             * Format: date
             * @description A day of UTC
             * @example 2026-03-14
             */
            from: string;
            /**
             * Format: date
             * @description A day of UTC
             * @example 2026-03-14
             */
            to: string;
        };
        DayTotals: {
            cancelled: number;
            completed: number;
            /**
             * Format: date
             * @description A day of UTC
             * @example 2026-03-14
             */
            day: string;
            orders: number;
            pending: number;
            /**
             * @description An exact decimal with up to 4 places
             * @example 12.3400
             */
            totalPrice: string;
            /**
             * @description Kilograms: an exact decimal with up to 3 places
             * @example 0.250
             */
            totalWeight: string;
        };
        DeadLetter: {
            attempts: number;
            code: string;
            /** Format: date-time */
            deadAt: string;
            /** Format: date-time */
            expiresAt: string;
            id: string;
            imageId: string | null;
            lastOutcome: string | null;
            message: string;
            origin: {
                hub: string;
                offset: string;
                partition: string;
            };
            payloadBytes: number;
            replays: number;
            stage: string;
        };
        DeadLetterCount: {
            code: string;
            /**
             * Format: date
             * @description UTC
             */
            day: string;
            deadLetters: number;
            /** Format: date-time */
            firstAt: string;
            hub: string;
            images: number;
            /** Format: date-time */
            lastAt: string;
            open: boolean;
            stage: string;
        };
        DeadLetterCounts: {
            /** Format: date-time */
            asOf: string;
            counts: components["schemas"]["DeadLetterCount"][];
            /** @description Those that need somebody */
            open: {
                deadLetters: number;
                images: number;
                since: string | null;
            };
        };
        DeadLetterDetail: {
            attempts: number;
            code: string;
            /** Format: date-time */
            deadAt: string;
            /** Format: date-time */
            expiresAt: string;
            id: string;
            imageId: string | null;
            lastOutcome: string | null;
            message: string;
            origin: {
                hub: string;
                offset: string;
                partition: string;
            };
            /** @description null when it is gone */
            payload: {
                /** @description The first bytes, hex */
                begins: string;
                bytes: number;
                contentType: string | null;
                /** @description Of a JSON object */
                fields: string[] | null;
                hasKey: boolean;
                /** @description Names; values may be personal */
                headers: string[];
            } | null;
            payloadBytes: number;
            replayed: {
                actor: string;
                /** Format: date-time */
                at: string;
                outcome: string;
                reason: string;
            }[];
            replays: number;
            stage: string;
        };
        Erasure: {
            receipt: components["schemas"]["ErasureReceipt"];
            /** @description Copies that an erasure cannot reach, and when they end: a hub, `cdn`, `browser` */
            remaining: {
                copy: string;
                /**
                 * Format: date-time
                 * @description UTC, with milliseconds
                 */
                until: string;
            }[];
        };
        ErasureReceipt: {
            /** @description Files that were erased */
            blobs: number;
            bytes: number;
            /** @description C2SP tlog-checkpoint, signed */
            checkpoint?: string;
            /** Format: date-time */
            dueAt: string;
            /** Format: date-time */
            erasedAt: string;
            /** Format: uuid */
            imageId: string;
            /** @description RFC 6962, base64, nearest to the leaf first */
            inclusionProof?: string[];
            /**
             * @description Its time was up, somebody asked, or a check found it
             * @enum {string}
             */
            kind: "retention" | "erasure" | "sweep";
            /** @description Rows that left the warehouse */
            lakeRows: number;
            /** @description What the log says, exactly as it was hashed */
            leaf: string;
            leafIndex?: number;
            /** @description With the id of the image it makes the commitment in the leaf */
            salt: string;
            /** @description Ed25519, base64, over `darkroom-ledger-entry`, a line feed and the leaf */
            signature?: string;
            /**
             * @description `pending` until the next checkpoint, within a minute
             * @enum {string}
             */
            status: "complete" | "pending";
            /** Format: date-time */
            uploadedAt: string;
        };
        /** @enum {string} */
        ErrorCode: "invalid-request" | "empty-body" | "unauthenticated" | "forbidden" | "not-found" | "method-not-allowed" | "wrong-state" | "conflict" | "precondition-failed" | "precondition-required" | "too-large" | "unsupported-type" | "unsupported-media-type" | "locked" | "upload-interrupted" | "gone" | "erased" | "erased-id" | "upload-expired" | "checksum-mismatch" | "unsupported-version" | "range-not-satisfiable" | "invalid-value" | "idempotency-mismatch" | "rate-limited" | "image-corrupt" | "image-too-many-pixels" | "image-too-complex" | "unsupported-compression" | "raw-not-supported" | "image-truncated" | "processing-timeout" | "processing-memory" | "processing-crashed" | "processor-failed" | "id-reused" | "message-malformed" | "message-unsupported" | "claim-check-missing" | "events-expired" | "chunks-incomplete" | "chunks-inconsistent" | "digest-mismatch" | "unavailable" | "storage-full" | "internal";
        EventContent: {
            /** @description The first bytes of any other value, hex */
            begins: string;
            cloudEvent: {
                id: string | null;
                source: string | null;
                subject: string | null;
                type: string | null;
            } | null;
            contentType: string | null;
            /** @description The value where it is a JSON object; for bytes of an image their length */
            envelope: {
                [key: string]: unknown;
            } | null;
            /** @description How it is read: bare, binary, structured, chunk, claim-check, processing, … */
            form: string;
            headers: {
                name: string;
                value: string;
            }[];
            imageId: string | null;
            key: string | null;
            owner: string | null;
            /** @description Why it cannot be read */
            problem: string | null;
        };
        /** @description Who answered */
        FigureSource: {
            /** @description Whether a replica hears from its primary */
            isConnected: boolean;
            /** @enum {string} */
            kind: "primary" | "replica";
            /** @description How far a replica is behind; null when it cannot be told */
            lagSeconds: number | null;
        };
        GroupLag: {
            consumerGroup: string;
            /** @description How many wait; null when it cannot be measured */
            events: number | null;
            hub: string;
            partitions: components["schemas"]["PartitionLag"][];
            /** @description How long the oldest of them has waited */
            seconds: number | null;
            /** @enum {string} */
            state: "current" | "behind" | "no-consumer" | "not-measurable";
            /** @description Since this was last asked; null the first time */
            throughput: {
                inPerSecond: number;
                settledPerSecond: number;
            } | null;
        };
        Health: {
            /** Format: date-time */
            checkedAt: string;
            checks: {
                code?: string;
                milliseconds: number;
                name: string;
                /** @enum {string} */
                status: "healthy" | "unhealthy";
            }[];
            /** @enum {string} */
            status: "healthy" | "unhealthy";
        };
        HubLag: {
            consumerGroup: string;
            hub: string;
            points: components["schemas"]["LagPoint"][];
            trend: components["schemas"]["LagTrend"];
        };
        HubSettings: {
            consumerGroup: string;
            createdAt: string | null;
            hub: string;
            /** @description What the hub holds now */
            kept: {
                /** @description By the offsets, about; null when they do not tell */
                bytes: number | null;
                events: number;
                oldestAt: string | null;
            } | null;
            /** @description By the template */
            largestEventBytes: number;
            partitions: {
                actual: number | null;
                differs: boolean;
                /** @description null: this environment was not told */
                template: number | null;
            };
            /** @description Why nothing is known of it as it is */
            problem: ("missing" | "not-reached") | null;
            /** @description By the template; asking Azure would need a right on its management */
            retentionHours: number;
        };
        Image: {
            bytes: number | null;
            contentType: string | null;
            /**
             * Format: date-time
             * @description UTC, with milliseconds
             */
            deleteAt: string;
            /** @description What processors found: blurhash, dominantColour, … */
            facts: {
                [key: string]: unknown;
            };
            failure: {
                code: string;
                message: string;
            } | null;
            /** @description What its sender called the file */
            fileName: string | null;
            height: number | null;
            /** Format: uuid */
            id: string;
            links: {
                /** @description Signed, once the bytes are known to be an image */
                raw?: string;
                self: string;
            };
            /** @description Id of the principal it belongs to */
            owner: string;
            sha256: string | null;
            source: components["schemas"]["ImageSource"];
            status: components["schemas"]["ImageStatus"];
            /**
             * Format: date-time
             * @description UTC, with milliseconds
             */
            uploadedAt: string;
            variants: components["schemas"]["Variant"][];
            width: number | null;
        };
        ImageCounts: {
            /** Format: date-time */
            asOf: string;
            counts: {
                bytes: number;
                images: number;
                oldest: string | null;
                source: components["schemas"]["ImageSource"];
                status: components["schemas"]["ImageStatus"];
            }[];
        };
        ImageDetail: {
            bytes: number | null;
            contentType: string | null;
            correlationId: string;
            /**
             * Format: date-time
             * @description UTC, with milliseconds
             */
            deleteAt: string;
            /** @description What processors found: blurhash, dominantColour, … */
            facts: {
                [key: string]: unknown;
            };
            failure: {
                code: string;
                message: string;
            } | null;
            /** @description What its sender called the file */
            fileName: string | null;
            height: number | null;
            /** Format: uuid */
            id: string;
            links: {
                /** @description Signed, once the bytes are known to be an image */
                raw?: string;
                self: string;
            };
            /** @description Id of the principal it belongs to */
            owner: string;
            sha256: string | null;
            source: components["schemas"]["ImageSource"];
            status: components["schemas"]["ImageStatus"];
            timeline: {
                /**
                 * Format: date-time
                 * @description UTC, with milliseconds
                 */
                at: string;
                detail: string | null;
                event: string;
            }[];
            /**
             * Format: date-time
             * @description UTC, with milliseconds
             */
            uploadedAt: string;
            variants: components["schemas"]["Variant"][];
            width: number | null;
        };
        ImagePage: {
            images: components["schemas"]["Image"][];
            next: string | null;
        };
        /** @enum {string} */
        ImageSource: "http" | "kafka" | "tus";
        ImagesRow: {
            bytes: number;
            /**
             * Format: date
             * @description A day of UTC
             * @example 2026-03-14
             */
            day: string;
            failed: number;
            images: number;
            processed: number;
            rejected: number;
            source: components["schemas"]["ImageSource"];
        };
        /** @enum {string} */
        ImageStatus: "received" | "stored" | "processed" | "rejected" | "failed";
        Issue: {
            code: string;
            message: string;
            path: string;
        };
        LagHistory: {
            /** Format: date-time */
            asOf: string;
            everySeconds: number;
            /** Format: date-time */
            from: string;
            hubs: components["schemas"]["HubLag"][];
            /** @description false: what was done to readers could not be read */
            isComplete: boolean;
            /** @description Deployments, starts of hosts, and what was done to readers */
            marks: components["schemas"]["LagMark"][];
        };
        LagMark: {
            /** Format: date-time */
            at: string;
            /** @description How often within five minutes: instances of a host, partitions of a hub */
            count: number;
            /** @description Whose reader; null for a host */
            hub: string | null;
            /** @enum {string} */
            kind: "deployed" | "started" | "paused" | "held" | "resumed" | "moved" | "made-anew" | "rerun-stopped";
            /** @description What the host runs; null for a reader */
            services: string | null;
            /** @description Digest of the package that the host runs */
            version: string | null;
        };
        LagPoint: {
            /** Format: date-time */
            at: string;
            /** @description How many wait; null when it could not be measured */
            events: number | null;
            /** @description What came since the point before; null after a gap */
            inPerSecond: number | null;
            /** @description What was read; without what expired unread */
            outPerSecond: number | null;
            /** @description How long the oldest of them has waited */
            seconds: number | null;
        };
        LagTrend: {
            /** @description Until nothing waits, if it goes on like this; only when it falls */
            drainSeconds: number | null;
            /** @description Slope of the lag over the last ten minutes */
            eventsPerMinute: number | null;
            inPerSecond: number | null;
            outPerSecond: number | null;
            /**
             * @description `unknown`: too few points of late; `expiring`: it falls, because events expire unread
             * @enum {string}
             */
            state: "unknown" | "empty" | "falling" | "expiring" | "steady" | "growing";
        };
        LakeExports: {
            /** Format: date-time */
            asOf: string;
            exports: {
                ageSeconds: number;
                bytes: number;
                /**
                 * Format: date-time
                 * @description When an export last ended well, whether it found changes or not
                 */
                exportedAt: string;
                files: number;
                /** @description Rows in the lake after the last export */
                rows: number;
                table: string;
                /** @description Every change up to this one is in the lake */
                watermark: number;
            }[];
        };
        LedgerEntry: {
            blobs: number;
            bytes: number;
            commitment: string;
            dueAt: string;
            erasedAt: string;
            imageDigest: string;
            /** @enum {string} */
            kind: "retention" | "erasure" | "sweep";
            lakeRows: number;
            /** @description Its place in the tree; none until the next checkpoint */
            leafIndex: number | null;
            sequence: number;
            uploadedAt: string;
        };
        LedgerVerification: {
            /** @description The newest: keep it elsewhere, for `ledger verify --against` */
            checkpoint: string | null;
            entries: number;
            faults: {
                at: number | null;
                code: string;
                message: string;
            }[];
            valid: boolean;
        };
        MadeAndShown: {
            bytes: number | null;
            contentType: string | null;
            height: number | null;
            /** @description Of its processor, with all that it makes */
            milliseconds: number | null;
            /** @description base64; null for facts and for more than 4194304 bytes */
            picture: string | null;
            /** @description Of a fact */
            value: unknown;
            version: string;
            width: number | null;
        };
        MembershipRow: {
            change: number;
            /**
             * Format: date
             * @description A day of UTC
             * @example 2026-03-14
             */
            day: string;
            members: number;
            /** @enum {string} */
            membership: "standard" | "plus" | "professional";
            /** @enum {string} */
            status: "active" | "suspended" | "ended";
        };
        MixedUploadAnswer: {
            images: (components["schemas"]["AcceptedImage"] | components["schemas"]["RefusedImage"])[];
        };
        Order: {
            cancelledAt: string | null;
            completedAt: string | null;
            completedBy: string | null;
            items: number;
            lines: number;
            /** @description As it is printed on the packing slip */
            number: string;
            orderId: number;
            /**
             * Format: date-time
             * @description UTC, with milliseconds
             * @example 2026-03-14T09:26:53.589Z
             */
            placedAt: string;
            /**
             * Format: date
             * @description A day of UTC
             * @example 2026-03-14
             */
            placedDay: string;
            /** @description Rises with each change: say it when you complete the order */
            rowVersion: number;
            status: components["schemas"]["OrderStatus"];
            /**
             * @description An exact decimal with up to 4 places
             * @example 12.3400
             */
            totalPrice: string;
            /**
             * @description Kilograms: an exact decimal with up to 3 places
             * @example 0.250
             */
            totalWeight: string;
        };
        OrderDetail: {
            cancelledAt: string | null;
            completedAt: string | null;
            completedBy: string | null;
            items: number;
            lines: number;
            /** @description As it is printed on the packing slip */
            number: string;
            orderId: number;
            orderLines: components["schemas"]["OrderLine"][];
            /**
             * Format: date-time
             * @description UTC, with milliseconds
             * @example 2026-03-14T09:26:53.589Z
             */
            placedAt: string;
            /**
             * Format: date
             * @description A day of UTC
             * @example 2026-03-14
             */
            placedDay: string;
            /** @description Rises with each change: say it when you complete the order */
            rowVersion: number;
            status: components["schemas"]["OrderStatus"];
            /**
             * @description An exact decimal with up to 4 places
             * @example 12.3400
             */
            totalPrice: string;
            /**
             * @description Kilograms: an exact decimal with up to 3 places
             * @example 0.250
             */
            totalWeight: string;
        };
        OrderLine: {
            line: number;
            manufacturer: string;
            name: string;
            /**
             * @description An exact decimal with up to 4 places
             * @example 12.3400
             */
            price: string;
            productId: number;
            quantity: number;
            /**
             * @description An exact decimal with up to 4 places
             * @example 12.3400
             */
            unitPrice: string;
            /**
             * @description Kilograms: an exact decimal with up to 3 places
             * @example 0.250
             */
            unitWeight: string;
            /**
             * @description Kilograms: an exact decimal with up to 3 places
             * @example 0.250
             */
            weight: string;
        };
        OrderPage: {
            /**
             * Format: date-time
             * @description When this was read
             * @example 2026-03-14T09:26:53.589Z
             */
            asOf: string;
            next: string | null;
            orders: components["schemas"]["Order"][];
            totals: components["schemas"]["DayTotals"] | null;
        };
        /** @enum {string} */
        OrderStatus: "pending" | "completed" | "cancelled";
        PartitionLag: {
            checkpoint: number | null;
            checkpointAt: string | null;
            /** @description How many wait; null when it cannot be measured */
            events: number | null;
            /** @description Dropped by the hub before they were settled */
            expired: number;
            lastSequenceNumber: number;
            partition: string;
            /** @description How long the oldest of them has waited */
            seconds: number | null;
            /** @enum {string} */
            state: "current" | "behind" | "no-consumer" | "not-measurable";
        };
        PersonErasure: {
            dryRun: boolean;
            /** @description Images that could not be erased whole; ask again */
            failed: number;
            /** @description Of each image that was erased now */
            imageReceipts: components["schemas"]["ErasureReceipt"][];
            /** @description Not of a dry run */
            receipt?: components["schemas"]["PersonReceipt"];
            /** @description Copies that an erasure cannot reach, and when the last of them ends */
            remaining: {
                copy: string;
                /** Format: date-time */
                until: string;
            }[];
            result: {
                [key: string]: number | string;
            };
            unfinished: boolean;
        };
        PersonExport: {
            member?: {
                /** Format: date */
                dateOfBirth: string;
                email: string;
                /** @description Changes of membership and status */
                history: unknown;
                /** Format: date-time */
                joinedAt: string;
                /**
                 * Format: uuid
                 * @description What the warehouse has instead of anything personal
                 */
                memberKey: string;
                membership: string;
                mobile: string;
                name: string;
                orders: unknown;
                status: string;
            };
            sequence: number;
            uploader?: {
                /** @description Records that could not be processed */
                deadLetters: {
                    /** Format: date-time */
                    enqueuedAt: string;
                    headers: {
                        [key: string]: string;
                    };
                    imageId: string | null;
                    key: string | null;
                    /**
                     * Format: base64
                     * @example /9j/4AAQSkZJRg==
                     */
                    value: string;
                }[];
                /** @description `GET /images/{id}` has each, with its bytes and variants */
                images: string[];
                /** @description Resumable uploads that are not forgotten yet */
                uploads: {
                    /** Format: date-time */
                    createdAt: string;
                    /** Format: date-time */
                    expiresAt: string;
                    id: string;
                    /** @description As the client sent it: file names */
                    metadata: string | null;
                    offset: number;
                }[];
            };
        };
        PersonReceipt: {
            /** Format: date-time */
            at: string;
            id: string;
            /** @enum {string} */
            kind: "uploader" | "member";
            /** @description C2SP signed-note over all but `id`, `salt` and `sequence` */
            note: string;
            result: {
                [key: string]: number | string;
            };
            /** @description Of an uploader */
            salt?: string;
            /** @description Of the audit entry */
            sequence: number;
            /** @description A member’s random key; of an uploader SHA-256 of the salt and the id */
            subject: string;
        };
        PersonRequest: {
            /** @enum {string} */
            action: "count" | "export" | "erase";
            actor: string;
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            kind: "uploader" | "member";
            reason: string;
            result: unknown;
            sequence: number;
            subject: string;
        };
        Problem: {
            code: components["schemas"]["ErrorCode"];
            /** @description What happened, and what to do about it */
            detail: string;
            details?: {
                [key: string]: unknown;
            };
            /** @description urn:darkroom:request:{correlation id}, under which the logs have the rest */
            instance: string;
            /** @description Everything that is wrong with the request */
            issues?: components["schemas"]["Issue"][];
            status: number;
            title: string;
            /** @description urn:darkroom:problem:{code} */
            type: string;
        };
        Processor: {
            name: string;
            variants: string[];
            /** @description The present one; null when it is gone */
            version: string | null;
            versions: {
                images: number;
                /** Format: date-time */
                lastAt: string;
                version: string;
            }[];
        };
        Product: {
            /**
             * Format: date-time
             * @description UTC, with milliseconds
             * @example 2026-03-14T09:26:53.589Z
             */
            changedAt: string;
            /**
             * @description Who: the object id of a person
             * @example 4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10
             */
            changedBy: string;
            /**
             * @description An exact decimal with up to 4 places
             * @example 12.3400
             */
            cost: string;
            /**
             * Format: date-time
             * @description UTC, with milliseconds
             * @example 2026-03-14T09:26:53.589Z
             */
            createdAt: string;
            /**
             * @description Who: the object id of a person
             * @example 4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10
             */
            createdBy: string;
            /**
             * @description Send it as If-Match with a change
             * @example "7"
             */
            etag: string;
            isActive: boolean;
            /** @example Norrvik */
            manufacturer: string;
            /** @example Print 30×40, matte */
            name: string;
            productId: number;
            retiredAt: string | null;
            retiredBy: string | null;
            /**
             * @description Kilograms: an exact decimal with up to 3 places
             * @example 0.250
             */
            weight: string;
        };
        ProductChanges: {
            /** @example 12.34 */
            cost?: string;
            /** @example Print 30×40, matte */
            manufacturer?: string;
            /** @example Print 30×40, matte */
            name?: string;
            /** @example 0.250 */
            weight?: string;
        };
        ProductDetails: {
            /** @example 12.34 */
            cost: string;
            /** @example Print 30×40, matte */
            manufacturer: string;
            /** @example Print 30×40, matte */
            name: string;
            /** @example 0.250 */
            weight: string;
        };
        ProductHistory: {
            /**
             * Format: date-time
             * @description When this was read
             * @example 2026-03-14T09:26:53.589Z
             */
            asOf: string;
            versions: components["schemas"]["ProductVersion"][];
        };
        ProductImport: {
            added: number;
            applied: boolean;
            /**
             * Format: date-time
             * @description When this was read
             * @example 2026-03-14T09:26:53.589Z
             */
            asOf: string;
            changed: number;
            changes: {
                /**
                 * @description An exact decimal with up to 4 places
                 * @example 12.3400
                 */
                cost: string;
                /** @description Where the file says it */
                isActive?: boolean;
                manufacturer: string;
                name: string;
                /** @enum {string} */
                outcome: "added" | "changed";
                productId: number | null;
                /** @description Line of the file */
                row: number;
                /** @description The product as it is; in a dry run only */
                was: components["schemas"]["Product"] | null;
                /**
                 * @description Kilograms: an exact decimal with up to 3 places
                 * @example 0.250
                 */
                weight: string;
            }[];
            issues: {
                column: string | null;
                reason: string | null;
                row: number;
                value: string | null;
            }[];
            rows: number;
            unchanged: number;
        };
        ProductPage: {
            /**
             * Format: date-time
             * @description When this was read
             * @example 2026-03-14T09:26:53.589Z
             */
            asOf: string;
            next: string | null;
            products: components["schemas"]["Product"][];
        };
        /** @enum {string} */
        ProductSort: "name" | "newest" | "cost" | "weight";
        ProductVersion: {
            /**
             * Format: date-time
             * @description UTC, with milliseconds
             * @example 2026-03-14T09:26:53.589Z
             */
            changedAt: string;
            /**
             * @description Who: the object id of a person
             * @example 4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10
             */
            changedBy: string;
            /**
             * @description An exact decimal with up to 4 places
             * @example 12.3400
             */
            cost: string;
            /**
             * @description Send it as If-Match with a change
             * @example "7"
             */
            etag: string;
            isActive: boolean;
            /** @example Norrvik */
            manufacturer: string;
            /** @example Print 30×40, matte */
            name: string;
            /**
             * @description Kilograms: an exact decimal with up to 3 places
             * @example 0.250
             */
            weight: string;
        };
        Reader: {
            consumerGroup: string;
            hub: string;
            /** @description More dead letters of one code than this pause it; null: never */
            limit: {
                deadLetters: number;
                /** @description Nobody set it: it counts codes that are our own fault */
                isDefault: boolean;
                minutes: number;
            } | null;
            pause: {
                actor: string;
                /** @description The product paused it, because of dead letters */
                isHold: boolean;
                reason: string;
                /** @description Alerts are quiet until then */
                remindAt: string | null;
                /** Format: date-time */
                since: string;
            } | null;
            resumedAt: string | null;
        };
        ReaderChange: {
            action: string;
            actor: string;
            /** Format: date-time */
            at: string;
            detail: {
                [key: string]: unknown;
            } | null;
            hub: string;
            id: number;
            reason: string;
            topic: string;
        };
        ReaderMoves: {
            dryRun: boolean;
            moves: {
                /** @description Events that are read once more */
                again: number;
                /** @description The offset that would be read next as it is */
                from: number;
                hub: string;
                partition: string;
                /** @description Events that are never read: what they carry is not processed */
                skipped: number;
                /** @description The offset that is read next now */
                to: number;
            }[];
        };
        ReaderResults: {
            dryRun: boolean;
            results: {
                detail: string;
                hub: string;
                /** @enum {string} */
                outcome: "changed" | "unchanged";
            }[];
        };
        Readers: {
            /** Format: date-time */
            asOf: string;
            changes: components["schemas"]["ReaderChange"][];
            /** @description Events that expired unread, newest first, as long as their dead letters are kept */
            losses: {
                /** Format: date-time */
                at: string;
                hub: string;
                message: string;
                partition: string;
            }[];
            readers: components["schemas"]["Reader"][];
        };
        RecordPlace: {
            /** @description Of the value */
            bytes: number;
            /** Format: date-time */
            enqueuedAt: string;
            /** @enum {string} */
            hub: "image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter" | "image-outcomes";
            offset: string;
            partition: string;
            /** @description What Kafka calls the offset */
            sequenceNumber: number;
        };
        RefusedImage: {
            problem: components["schemas"]["Problem"];
            /** @constant */
            status: "refused";
        };
        ReplayAnswer: {
            dryRun: boolean;
            more: boolean;
            results: {
                detail: string;
                id: string;
                outcome: components["schemas"]["ReplayOutcome"];
            }[];
        };
        /** @enum {string} */
        ReplayOutcome: "applied" | "duplicate" | "fails-again" | "refused-erased";
        Right: {
            /** @description What the database answers */
            allowed: boolean;
            kind: string;
            /** @description What the permission model says */
            meant: boolean;
            object: string;
            role: string;
            schema: string;
            verb: string;
        };
        RightsExplanation: {
            allowed: boolean;
            /** Format: date-time */
            asOf: string;
            kind: string;
            object: string;
            person: {
                grants: {
                    /** @description What gives it to them; null where it is theirs directly */
                    group: string | null;
                    /** @enum {string} */
                    role: "Uploader" | "Logistics" | "LogisticsLead" | "Sales" | "Analytics" | "Engineering";
                }[];
                name: string;
            };
            reason: string;
            /** @description What is missing and who may grant it */
            remedy: string | null;
            rolesThatMay: ("Uploader" | "Logistics" | "LogisticsLead" | "Sales" | "Analytics" | "Engineering")[];
            ways: components["schemas"]["RightsWay"][];
        };
        RightsReport: {
            /** Format: date-time */
            asOf: string;
            /** @description Where the two differ: there should be none */
            differences: components["schemas"]["Right"][];
            rights: components["schemas"]["Right"][];
            roles: string[];
        };
        RightsWay: {
            /** @enum {string} */
            appRole: "Uploader" | "Logistics" | "LogisticsLead" | "Sales" | "Analytics" | "Engineering";
            databaseRole: string;
            /** @description What gives it to them; null where it is theirs directly */
            group: string | null;
            /** @description Groups, identities and logins that are in the database role */
            members: string[];
            schema: string;
            service: string;
            /** @description What the role may do with the object; empty: nothing */
            verbs: string[];
        };
        SalesAnswer: {
            /**
             * Format: date-time
             * @description When this was read
             * @example 2026-03-14T09:26:53.589Z
             */
            asOf: string;
            by: components["schemas"]["SalesBy"];
            range: components["schemas"]["DayRange"];
            rows: components["schemas"]["SalesRow"][];
            source: components["schemas"]["FigureSource"];
            totals: components["schemas"]["SalesSums"];
        };
        /**
         * @description The key of a week is its Monday, of a month `YYYY-MM`; the first and the last may be cut by the range
         * @enum {string}
         */
        SalesBy: "day" | "week" | "month" | "product" | "membership";
        SalesRow: {
            key: string;
            label: string;
            orders: number;
            quantity: number;
            /**
             * @description An exact decimal with up to 4 places
             * @example 12.3400
             */
            totalPrice: string;
            /**
             * @description Kilograms: an exact decimal with up to 3 places
             * @example 0.250
             */
            totalWeight: string;
        };
        SalesSums: {
            orders: number;
            quantity: number;
            /**
             * @description An exact decimal with up to 4 places
             * @example 12.3400
             */
            totalPrice: string;
            /**
             * @description Kilograms: an exact decimal with up to 3 places
             * @example 0.250
             */
            totalWeight: string;
        };
        SandboxDescription: {
            candidates: components["schemas"]["Candidate"][];
            /** @description Of a photo to try */
            maxBytes: number;
            /** @description Why the candidates cannot be loaded */
            problem: string | null;
        };
        ShadowedImage: {
            rows: components["schemas"]["ShadowRow"][];
            /** @description Why it was not compared: erased or due, rejected or not checked yet, too large */
            skipped: ("gone" | "no-bytes" | "too-large") | null;
        };
        ShadowRow: {
            candidate: {
                bytes: number | null;
                contentType: string | null;
                height: number | null;
                /** @description Of its processor, with all that it makes */
                milliseconds: number | null;
                version: string;
                width: number | null;
            } | null;
            /** @enum {string} */
            kind: "variant" | "fact" | "image";
            /** @description A variant or a fact; null: the image as a whole */
            name: string | null;
            /**
             * @description Of the candidate beside the released version
             * @enum {string}
             */
            outcome: "same" | "differs" | "failed" | "missing" | "added" | "repaired" | "fails-too";
            processor: string | null;
            reason: string | null;
            released: {
                bytes: number | null;
                contentType: string | null;
                height: number | null;
                /** @description Of its processor, with all that it makes */
                milliseconds: number | null;
                version: string;
                width: number | null;
            } | null;
            /** @description Structural similarity of the two pictures; 1: the same */
            ssim: number | null;
        };
        StreamState: {
            /** Format: date-time */
            asOf: string;
            groups: components["schemas"]["GroupLag"][];
        };
        TraceAnswer: {
            /** @description false: not all of the hub was looked at, or the record has expired */
            complete: boolean;
            /** @description It leads to an image that was erased */
            erased: boolean;
            images: components["schemas"]["TracedImage"][];
        };
        TracedImage: {
            deadLetters: string[];
            erased: boolean;
            image: {
                /** Format: date-time */
                deleteAt: string;
                failureCode: string | null;
                owner: string;
                source: components["schemas"]["ImageSource"];
                status: components["schemas"]["ImageStatus"];
                /** Format: date-time */
                uploadedAt: string;
            } | null;
            imageId: string;
            /** @description Those of it that are in `image-stream` still */
            records: components["schemas"]["RecordPlace"][];
        };
        TriedPhoto: {
            decodingMs: {
                candidate: number | null;
                released: number | null;
            };
            /** @description null: no version takes it */
            image: {
                bytes: number;
                contentType: string;
                height: number;
                width: number;
            } | null;
            rows: components["schemas"]["TriedRow"][];
        };
        TriedRow: {
            candidate: components["schemas"]["MadeAndShown"] | null;
            /** @enum {string} */
            kind: "variant" | "fact" | "image";
            /** @description A variant or a fact; null: the image as a whole */
            name: string | null;
            /**
             * @description Of the candidate beside the released version
             * @enum {string}
             */
            outcome: "same" | "differs" | "failed" | "missing" | "added" | "repaired" | "fails-too";
            processor: string | null;
            reason: string | null;
            released: components["schemas"]["MadeAndShown"] | null;
            /** @description Structural similarity of the two pictures; 1: the same */
            ssim: number | null;
        };
        UnfinishedImages: {
            images: {
                /** @description Why it failed */
                code: string | null;
                /** Format: uuid */
                imageId: string;
                /**
                 * Format: date-time
                 * @description Its last event; an erasure: when it was due or began
                 */
                since: string;
                /** @description null where only its erasure is left */
                source: components["schemas"]["ImageSource"] | null;
                /** Format: date-time */
                uploadedAt: string;
            }[];
            next: string | null;
        };
        UploadAnswer: {
            images: components["schemas"]["AcceptedImage"][];
        };
        Variant: {
            bytes: number;
            contentType: string;
            height: number;
            name: string;
            processor: string;
            processorVersion: string;
            sha256: string;
            /** @description Signed: good without a token for one to two hours, for <img> and caches */
            url: string;
            width: number;
        };
    };
    responses: {
        /** @description A problem (RFC 9457) */
        Problem: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid-request`: The request is not well formed. `empty-body`: There are no bytes in the request */
        Problem400: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthenticated`: A valid access token is needed */
        Problem401: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden`: Your role does not allow this */
        Problem403: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not-found`: There is nothing here that you may see */
        Problem404: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `method-not-allowed`: This address does not take this method */
        Problem405: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `wrong-state`: Its state does not allow this. `conflict`: Something else already has this name or key. `erased`: This Idempotency-Key led to an image that was erased */
        Problem409: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `gone`: The image was erased. `upload-expired`: This upload was not finished in time. `events-expired`: Events expired in their hub before they were read */
        Problem410: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `precondition-failed`: Somebody changed it since you read it. `unsupported-version`: This version of the protocol is not spoken here */
        Problem412: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too-large`: Too large */
        Problem413: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported-type`: Not an image of a type that can be processed. `unsupported-media-type`: The body is not of a content type that this takes. `unsupported-compression`: The image is compressed in a way that is not read here. `raw-not-supported`: Camera raw files have to be developed first */
        Problem415: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `range-not-satisfiable`: No such range */
        Problem416: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `erased-id`: This id is of an image that was erased. `invalid-value`: A value is out of its bounds. `idempotency-mismatch`: The same Idempotency-Key came before with other bytes. `id-reused`: This id is of another image already */
        Problem422: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `locked`: Another request has it at this moment. `upload-interrupted`: The bytes ended before they were all there; the upload goes on from its offset */
        Problem423: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `precondition-required`: Say which version you saw (If-Match) */
        Problem428: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `rate-limited`: Too many requests; try again later */
        Problem429: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `checksum-mismatch`: The bytes do not have the checksum that was sent */
        Problem460: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal`: Something went wrong on our side */
        Problem500: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unavailable`: Something that this needs is not reachable; try again */
        Problem503: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `storage-full`: There is no room to store it */
        Problem507: {
            headers: {
                "x-correlation-id": components["headers"]["CorrelationId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Names this request in the logs */
        CorrelationId: string;
    };
    pathItems: never;
}
export type AcceptedImage = components['schemas']['AcceptedImage'];
export type AllHubSettings = components['schemas']['AllHubSettings'];
export type Attention = components['schemas']['Attention'];
export type BrowsedEvent = components['schemas']['BrowsedEvent'];
export type BrowsedEvents = components['schemas']['BrowsedEvents'];
export type BulkFilter = components['schemas']['BulkFilter'];
export type BulkOutcome = components['schemas']['BulkOutcome'];
export type BulkRun = components['schemas']['BulkRun'];
export type Candidate = components['schemas']['Candidate'];
export type Completion = components['schemas']['Completion'];
export type Concern = components['schemas']['Concern'];
export type DayRange = components['schemas']['DayRange'];
export type DayTotals = components['schemas']['DayTotals'];
export type DeadLetter = components['schemas']['DeadLetter'];
export type DeadLetterCount = components['schemas']['DeadLetterCount'];
export type DeadLetterCounts = components['schemas']['DeadLetterCounts'];
export type DeadLetterDetail = components['schemas']['DeadLetterDetail'];
export type Erasure = components['schemas']['Erasure'];
export type ErasureReceipt = components['schemas']['ErasureReceipt'];
export type ErrorCode = components['schemas']['ErrorCode'];
export type EventContent = components['schemas']['EventContent'];
export type FigureSource = components['schemas']['FigureSource'];
export type GroupLag = components['schemas']['GroupLag'];
export type Health = components['schemas']['Health'];
export type HubLag = components['schemas']['HubLag'];
export type HubSettings = components['schemas']['HubSettings'];
export type Image = components['schemas']['Image'];
export type ImageCounts = components['schemas']['ImageCounts'];
export type ImageDetail = components['schemas']['ImageDetail'];
export type ImagePage = components['schemas']['ImagePage'];
export type ImageSource = components['schemas']['ImageSource'];
export type ImagesRow = components['schemas']['ImagesRow'];
export type ImageStatus = components['schemas']['ImageStatus'];
export type Issue = components['schemas']['Issue'];
export type LagHistory = components['schemas']['LagHistory'];
export type LagMark = components['schemas']['LagMark'];
export type LagPoint = components['schemas']['LagPoint'];
export type LagTrend = components['schemas']['LagTrend'];
export type LakeExports = components['schemas']['LakeExports'];
export type LedgerEntry = components['schemas']['LedgerEntry'];
export type LedgerVerification = components['schemas']['LedgerVerification'];
export type MadeAndShown = components['schemas']['MadeAndShown'];
export type MembershipRow = components['schemas']['MembershipRow'];
export type MixedUploadAnswer = components['schemas']['MixedUploadAnswer'];
export type Order = components['schemas']['Order'];
export type OrderDetail = components['schemas']['OrderDetail'];
export type OrderLine = components['schemas']['OrderLine'];
export type OrderPage = components['schemas']['OrderPage'];
export type OrderStatus = components['schemas']['OrderStatus'];
export type PartitionLag = components['schemas']['PartitionLag'];
export type PersonErasure = components['schemas']['PersonErasure'];
export type PersonExport = components['schemas']['PersonExport'];
export type PersonReceipt = components['schemas']['PersonReceipt'];
export type PersonRequest = components['schemas']['PersonRequest'];
export type Problem = components['schemas']['Problem'];
export type Processor = components['schemas']['Processor'];
export type Product = components['schemas']['Product'];
export type ProductChanges = components['schemas']['ProductChanges'];
export type ProductDetails = components['schemas']['ProductDetails'];
export type ProductHistory = components['schemas']['ProductHistory'];
export type ProductImport = components['schemas']['ProductImport'];
export type ProductPage = components['schemas']['ProductPage'];
export type ProductSort = components['schemas']['ProductSort'];
export type ProductVersion = components['schemas']['ProductVersion'];
export type Reader = components['schemas']['Reader'];
export type ReaderChange = components['schemas']['ReaderChange'];
export type ReaderMoves = components['schemas']['ReaderMoves'];
export type ReaderResults = components['schemas']['ReaderResults'];
export type Readers = components['schemas']['Readers'];
export type RecordPlace = components['schemas']['RecordPlace'];
export type RefusedImage = components['schemas']['RefusedImage'];
export type ReplayAnswer = components['schemas']['ReplayAnswer'];
export type ReplayOutcome = components['schemas']['ReplayOutcome'];
export type Right = components['schemas']['Right'];
export type RightsExplanation = components['schemas']['RightsExplanation'];
export type RightsReport = components['schemas']['RightsReport'];
export type RightsWay = components['schemas']['RightsWay'];
export type SalesAnswer = components['schemas']['SalesAnswer'];
export type SalesBy = components['schemas']['SalesBy'];
export type SalesRow = components['schemas']['SalesRow'];
export type SalesSums = components['schemas']['SalesSums'];
export type SandboxDescription = components['schemas']['SandboxDescription'];
export type ShadowedImage = components['schemas']['ShadowedImage'];
export type ShadowRow = components['schemas']['ShadowRow'];
export type StreamState = components['schemas']['StreamState'];
export type TraceAnswer = components['schemas']['TraceAnswer'];
export type TracedImage = components['schemas']['TracedImage'];
export type TriedPhoto = components['schemas']['TriedPhoto'];
export type TriedRow = components['schemas']['TriedRow'];
export type UnfinishedImages = components['schemas']['UnfinishedImages'];
export type UploadAnswer = components['schemas']['UploadAnswer'];
export type Variant = components['schemas']['Variant'];
export type ResponseProblem = components['responses']['Problem'];
export type ResponseProblem400 = components['responses']['Problem400'];
export type ResponseProblem401 = components['responses']['Problem401'];
export type ResponseProblem403 = components['responses']['Problem403'];
export type ResponseProblem404 = components['responses']['Problem404'];
export type ResponseProblem405 = components['responses']['Problem405'];
export type ResponseProblem409 = components['responses']['Problem409'];
export type ResponseProblem410 = components['responses']['Problem410'];
export type ResponseProblem412 = components['responses']['Problem412'];
export type ResponseProblem413 = components['responses']['Problem413'];
export type ResponseProblem415 = components['responses']['Problem415'];
export type ResponseProblem416 = components['responses']['Problem416'];
export type ResponseProblem422 = components['responses']['Problem422'];
export type ResponseProblem423 = components['responses']['Problem423'];
export type ResponseProblem428 = components['responses']['Problem428'];
export type ResponseProblem429 = components['responses']['Problem429'];
export type ResponseProblem460 = components['responses']['Problem460'];
export type ResponseProblem500 = components['responses']['Problem500'];
export type ResponseProblem503 = components['responses']['Problem503'];
export type ResponseProblem507 = components['responses']['Problem507'];
export type HeaderCorrelationId = components['headers']['CorrelationId'];
export type $defs = Record<string, never>;
export interface operations {
    analyseImages: {
        parameters: {
            query?: {
                /** @description A day of UTC */
                from?: string;
                /** @description A day of UTC */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A row for each day and source */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "range": {
                     *         "from": "2026-03-14",
                     *         "to": "2026-03-14"
                     *       },
                     *       "rows": [
                     *         {
                     *           "day": "2026-03-14",
                     *           "source": "http",
                     *           "images": 0,
                     *           "processed": 0,
                     *           "rejected": 0,
                     *           "failed": 0,
                     *           "bytes": 0
                     *         }
                     *       ],
                     *       "asOf": "2026-03-14T09:26:53.589Z",
                     *       "source": {
                     *         "kind": "primary",
                     *         "lagSeconds": 0,
                     *         "isConnected": true
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When this was read
                         * @example 2026-03-14T09:26:53.589Z
                         */
                        asOf: string;
                        range: components["schemas"]["DayRange"];
                        rows: components["schemas"]["ImagesRow"][];
                        source: components["schemas"]["FigureSource"];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    analyseMembership: {
        parameters: {
            query?: {
                /** @description A day of UTC */
                from?: string;
                /** @description A day of UTC */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A row for each day, membership and status */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "range": {
                     *         "from": "2026-03-14",
                     *         "to": "2026-03-14"
                     *       },
                     *       "rows": [
                     *         {
                     *           "day": "2026-03-14",
                     *           "membership": "standard",
                     *           "status": "active",
                     *           "members": 0,
                     *           "change": 0
                     *         }
                     *       ],
                     *       "asOf": "2026-03-14T09:26:53.589Z",
                     *       "source": {
                     *         "kind": "primary",
                     *         "lagSeconds": 0,
                     *         "isConnected": true
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When this was read
                         * @example 2026-03-14T09:26:53.589Z
                         */
                        asOf: string;
                        range: components["schemas"]["DayRange"];
                        rows: components["schemas"]["MembershipRow"][];
                        source: components["schemas"]["FigureSource"];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    analyseSales: {
        parameters: {
            query?: {
                by?: components["schemas"]["SalesBy"];
                /** @description A day of UTC */
                from?: string;
                /** @description A day of UTC */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rows, and totals over the whole range (an order with several products counts once) */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "by": "day",
                     *       "range": {
                     *         "from": "2026-03-14",
                     *         "to": "2026-03-14"
                     *       },
                     *       "rows": [
                     *         {
                     *           "orders": 0,
                     *           "quantity": 0,
                     *           "totalPrice": "12.3400",
                     *           "totalWeight": "0.250",
                     *           "key": "string",
                     *           "label": "string"
                     *         }
                     *       ],
                     *       "totals": {
                     *         "orders": 0,
                     *         "quantity": 0,
                     *         "totalPrice": "12.3400",
                     *         "totalWeight": "0.250"
                     *       },
                     *       "asOf": "2026-03-14T09:26:53.589Z",
                     *       "source": {
                     *         "kind": "primary",
                     *         "lagSeconds": 0,
                     *         "isConnected": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SalesAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the page */
            302: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["Problem500"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All is well */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "healthy",
                     *       "checkedAt": "2019-08-24T14:15:22Z",
                     *       "checks": [
                     *         {
                     *           "name": "string",
                     *           "status": "healthy",
                     *           "milliseconds": 0,
                     *           "code": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            500: components["responses"]["Problem500"];
            /** @description Something is not */
            503: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "healthy",
                     *       "checkedAt": "2019-08-24T14:15:22Z",
                     *       "checks": [
                     *         {
                     *           "name": "string",
                     *           "status": "healthy",
                     *           "milliseconds": 0,
                     *           "code": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            204: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["Problem500"];
        };
    };
    listImages: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Only images that are erased within so many hours */
                dueWithinHours?: number;
                /** @description In place of all the rest: the images of these ids, at most 100, from the moment the ids were answered. Those that you may not see are left out */
                ids?: string[];
                limit?: number;
                /** @description Engineering only: the images of one principal */
                owner?: string;
                status?: components["schemas"]["ImageStatus"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of images */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "images": [
                     *         {
                     *           "id": "497f6eca-6276-4993-bfeb-53cbbbba6f08",
                     *           "status": "received",
                     *           "source": "http",
                     *           "owner": "string",
                     *           "fileName": "string",
                     *           "contentType": "string",
                     *           "bytes": 0,
                     *           "width": 0,
                     *           "height": 0,
                     *           "sha256": "string",
                     *           "uploadedAt": "2019-08-24T14:15:22Z",
                     *           "deleteAt": "2019-08-24T14:15:22Z",
                     *           "failure": {
                     *             "code": "string",
                     *             "message": "string"
                     *           },
                     *           "variants": [
                     *             {
                     *               "name": "string",
                     *               "contentType": "string",
                     *               "width": 0,
                     *               "height": 0,
                     *               "bytes": 0,
                     *               "sha256": "string",
                     *               "processor": "string",
                     *               "processorVersion": "string",
                     *               "url": "string"
                     *             }
                     *           ],
                     *           "facts": {
                     *             "property1": null,
                     *             "property2": null
                     *           },
                     *           "links": {
                     *             "self": "string",
                     *             "raw": "string"
                     *           }
                     *         }
                     *       ],
                     *       "next": "string"
                     *     }
                     */
                    "application/json": components["schemas"]["ImagePage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    uploadImages: {
        parameters: {
            query?: never;
            header?: {
                /** @description What the file is called (`filename`, `filename*`), where the body is one image; kept with it and shown to its owner */
                "content-disposition"?: string;
                /** @description The same key with the same bytes is the same image; 1 to 256 visible ASCII characters */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
                "image/avif": unknown;
                "image/bmp": unknown;
                "image/gif": unknown;
                "image/heic": unknown;
                "image/jpeg": unknown;
                "image/jxl": unknown;
                "image/png": unknown;
                "image/tiff": unknown;
                "image/webp": unknown;
                "multipart/form-data": unknown;
            };
        };
        responses: {
            /** @description Stored; every image will end processed, rejected or failed */
            202: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "images": [
                     *         {
                     *           "id": "497f6eca-6276-4993-bfeb-53cbbbba6f08",
                     *           "status": "received",
                     *           "links": {
                     *             "self": "string"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["UploadAnswer"];
                };
            };
            /** @description Some files of a form are stored and some refused: what became of each, in the order of the form */
            207: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "images": [
                     *         {
                     *           "id": "497f6eca-6276-4993-bfeb-53cbbbba6f08",
                     *           "status": "received",
                     *           "links": {
                     *             "self": "string"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MixedUploadAnswer"];
                };
            };
            /** @description There are no bytes */
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The image of the Idempotency-Key was erased */
            409: components["responses"]["Problem409"];
            /** @description Too many bytes, or more than 64 MiB of AVIF, HEIC or JPEG XL */
            413: components["responses"]["Problem413"];
            /** @description Not an image of an accepted type */
            415: components["responses"]["Problem415"];
            /** @description The Idempotency-Key came before with other bytes */
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            /** @description Not stored, or not announced: send it again, with the same Idempotency-Key */
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    getImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As the upload answered it */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "497f6eca-6276-4993-bfeb-53cbbbba6f08",
                     *       "status": "received",
                     *       "source": "http",
                     *       "owner": "string",
                     *       "fileName": "string",
                     *       "contentType": "string",
                     *       "bytes": 0,
                     *       "width": 0,
                     *       "height": 0,
                     *       "sha256": "string",
                     *       "uploadedAt": "2019-08-24T14:15:22Z",
                     *       "deleteAt": "2019-08-24T14:15:22Z",
                     *       "failure": {
                     *         "code": "string",
                     *         "message": "string"
                     *       },
                     *       "variants": [
                     *         {
                     *           "name": "string",
                     *           "contentType": "string",
                     *           "width": 0,
                     *           "height": 0,
                     *           "bytes": 0,
                     *           "sha256": "string",
                     *           "processor": "string",
                     *           "processorVersion": "string",
                     *           "url": "string"
                     *         }
                     *       ],
                     *       "facts": {
                     *         "property1": null,
                     *         "property2": null
                     *       },
                     *       "links": {
                     *         "self": "string",
                     *         "raw": "string"
                     *       },
                     *       "correlationId": "string",
                     *       "timeline": [
                     *         {
                     *           "at": "2019-08-24T14:15:22Z",
                     *           "event": "string",
                     *           "detail": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ImageDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such image, or not yours */
            404: components["responses"]["Problem404"];
            /** @description It was erased; `details.receipt` is the receipt, for whoever knows the id */
            410: components["responses"]["Problem410"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As the upload answered it */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is erased, and the ledger says so */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "receipt": {
                     *         "imageId": "bbefe473-c66a-4040-85cf-1c7e6f0b3830",
                     *         "status": "complete",
                     *         "kind": "retention",
                     *         "blobs": 0,
                     *         "bytes": 0,
                     *         "lakeRows": 0,
                     *         "uploadedAt": "2019-08-24T14:15:22Z",
                     *         "dueAt": "2019-08-24T14:15:22Z",
                     *         "erasedAt": "2019-08-24T14:15:22Z",
                     *         "salt": "string",
                     *         "leaf": "string",
                     *         "signature": "string",
                     *         "leafIndex": 0,
                     *         "inclusionProof": [
                     *           "string"
                     *         ],
                     *         "checkpoint": "string"
                     *       },
                     *       "remaining": [
                     *         {
                     *           "copy": "string",
                     *           "until": "2019-08-24T14:15:22Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such image, or not yours */
            404: components["responses"]["Problem404"];
            /** @description It was erased before; `details.receipt` is the receipt */
            410: components["responses"]["Problem410"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    getVariant: {
        parameters: {
            query?: {
                /** @description Of a signed address, as the image gave it */
                expires?: string;
                /** @description Of a signed address, as the image gave it */
                signature?: string;
                /** @description Of a signed address, as the image gave it */
                version?: string;
            };
            header?: {
                /** @description Answers 304 when the etag is still this one */
                "if-none-match"?: string;
                /** @description With `range`: all of them when the etag is another */
                "if-range"?: string;
                /** @description Some of the bytes only */
                range?: string;
            };
            path: {
                /** @description As the upload answered it */
                id: string;
                variant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                };
            };
            /** @description A range of them */
            206: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                };
            };
            /** @description You have them */
            304: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The signed address has expired, or is not to the letter what the image gave */
            403: components["responses"]["Problem403"];
            /** @description No such image or variant, or not yours */
            404: components["responses"]["Problem404"];
            /** @description The original was not checked yet */
            409: components["responses"]["Problem409"];
            /** @description No such range */
            416: components["responses"]["Problem416"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getLedgerCheckpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Size and root, signed */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example string */
                    "text/plain": string;
                };
            };
            /** @description The log has no entry yet */
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
        };
    };
    getLedgerKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `NAME+ID+KEY` */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example string */
                    "text/plain": string;
                };
            };
            500: components["responses"]["Problem500"];
        };
    };
    getLedgerTile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `0/x001/067`, `entries/x001/067.p/5` */
                tile: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            /** @description The log has no such file */
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
        };
    };
    dailyOrders: {
        parameters: {
            query?: {
                /** @description A day of UTC */
                from?: string;
                /** @description A day of UTC */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A row for each day that had orders */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "days": [
                     *         {
                     *           "day": "2026-03-14",
                     *           "orders": 0,
                     *           "pending": 0,
                     *           "completed": 0,
                     *           "cancelled": 0,
                     *           "totalWeight": "0.250",
                     *           "totalPrice": "12.3400"
                     *         }
                     *       ],
                     *       "asOf": "2026-03-14T09:26:53.589Z"
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When this was read
                         * @example 2026-03-14T09:26:53.589Z
                         */
                        asOf: string;
                        days: components["schemas"]["DayTotals"][];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Today (UTC) unless told; `all` for every day */
                day?: string | "all";
                limit?: number;
                /** @description Oldest first, or heaviest first */
                sort?: "placed" | "weight";
                status?: "pending" | "completed" | "cancelled" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders; `totals` are of the whole day */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orders": [
                     *         {
                     *           "orderId": 0,
                     *           "number": "string",
                     *           "status": "pending",
                     *           "placedAt": "2026-03-14T09:26:53.589Z",
                     *           "placedDay": "2026-03-14",
                     *           "completedAt": "2026-03-14T09:26:53.589Z",
                     *           "completedBy": "string",
                     *           "cancelledAt": "2026-03-14T09:26:53.589Z",
                     *           "lines": 0,
                     *           "items": 0,
                     *           "totalWeight": "0.250",
                     *           "totalPrice": "12.3400",
                     *           "rowVersion": 0
                     *         }
                     *       ],
                     *       "next": "string",
                     *       "totals": {
                     *         "day": "2026-03-14",
                     *         "orders": 0,
                     *         "pending": 0,
                     *         "completed": 0,
                     *         "cancelled": 0,
                     *         "totalWeight": "0.250",
                     *         "totalPrice": "12.3400"
                     *       },
                     *       "asOf": "2026-03-14T09:26:53.589Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orderId": 0,
                     *       "number": "string",
                     *       "status": "pending",
                     *       "placedAt": "2026-03-14T09:26:53.589Z",
                     *       "placedDay": "2026-03-14",
                     *       "completedAt": "2026-03-14T09:26:53.589Z",
                     *       "completedBy": "string",
                     *       "cancelledAt": "2026-03-14T09:26:53.589Z",
                     *       "lines": 0,
                     *       "items": 0,
                     *       "totalWeight": "0.250",
                     *       "totalPrice": "12.3400",
                     *       "rowVersion": 0,
                     *       "orderLines": [
                     *         {
                     *           "line": 0,
                     *           "productId": 0,
                     *           "name": "string",
                     *           "manufacturer": "string",
                     *           "quantity": 0,
                     *           "unitWeight": "0.250",
                     *           "weight": "0.250",
                     *           "unitPrice": "12.3400",
                     *           "price": "12.3400"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OrderDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such order */
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    completeOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The etag of the order as you saw it */
                "if-match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The completed order */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orderId": 0,
                     *       "number": "string",
                     *       "status": "pending",
                     *       "placedAt": "2026-03-14T09:26:53.589Z",
                     *       "placedDay": "2026-03-14",
                     *       "completedAt": "2026-03-14T09:26:53.589Z",
                     *       "completedBy": "string",
                     *       "cancelledAt": "2026-03-14T09:26:53.589Z",
                     *       "lines": 0,
                     *       "items": 0,
                     *       "totalWeight": "0.250",
                     *       "totalPrice": "12.3400",
                     *       "rowVersion": 0
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such order */
            404: components["responses"]["Problem404"];
            /** @description It is cancelled */
            409: components["responses"]["Problem409"];
            /** @description It changed since you saw it */
            412: components["responses"]["Problem412"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    reopenOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rowVersion": 0,
                 *       "reason": "string"
                 *     }
                 */
                "application/json": {
                    reason: string;
                    rowVersion: number;
                };
            };
        };
        responses: {
            /** @description The order, pending again */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orderId": 0,
                     *       "number": "string",
                     *       "status": "pending",
                     *       "placedAt": "2026-03-14T09:26:53.589Z",
                     *       "placedDay": "2026-03-14",
                     *       "completedAt": "2026-03-14T09:26:53.589Z",
                     *       "completedBy": "string",
                     *       "cancelledAt": "2026-03-14T09:26:53.589Z",
                     *       "lines": 0,
                     *       "items": 0,
                     *       "totalWeight": "0.250",
                     *       "totalPrice": "12.3400",
                     *       "rowVersion": 0
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description It is not completed */
            409: components["responses"]["Problem409"];
            /** @description It changed since you saw it */
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    completeOrders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "orders": [
                 *         {
                 *           "orderId": 1,
                 *           "rowVersion": 0
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    orders: {
                        orderId: number;
                        rowVersion: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description One result an order, in the order of the request */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "orderId": 0,
                     *           "outcome": "done",
                     *           "reason": "not-found",
                     *           "completedAt": "2026-03-14T09:26:53.589Z",
                     *           "completedBy": "string",
                     *           "rowVersion": 0
                     *         }
                     *       ],
                     *       "asOf": "2026-03-14T09:26:53.589Z"
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When this was read
                         * @example 2026-03-14T09:26:53.589Z
                         */
                        asOf: string;
                        results: components["schemas"]["Completion"][];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    openApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "property1": null,
                     *       "property2": null
                     *     }
                     */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            500: components["responses"]["Problem500"];
        };
    };
    listConcerns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing needs anybody where the list is empty; what could not be looked at is in it */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asOf": "2019-08-24T14:15:22Z",
                     *       "concerns": [
                     *         {
                     *           "kind": "dead-letters",
                     *           "of": "string",
                     *           "count": 0,
                     *           "since": "2019-08-24T14:15:22Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Attention"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listBulkRuns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "runs": [
                     *         {
                     *           "id": "string",
                     *           "action": "replay",
                     *           "dryRun": true,
                     *           "filter": {
                     *             "code": "invalid-request",
                     *             "stage": "string",
                     *             "hub": "image-stream",
                     *             "from": "2019-08-24T14:15:22Z",
                     *             "to": "2019-08-24T14:15:22Z"
                     *           },
                     *           "reason": "string",
                     *           "actor": "string",
                     *           "perMinute": 0,
                     *           "state": "running",
                     *           "startedAt": "2019-08-24T14:15:22Z",
                     *           "endedAt": "2019-08-24T14:15:22Z",
                     *           "stopped": {
                     *             "actor": "string",
                     *             "reason": "string"
                     *           },
                     *           "waitingFor": "string",
                     *           "total": 0,
                     *           "done": 0,
                     *           "outcomes": {
                     *             "applied": 0,
                     *             "duplicate": 0,
                     *             "fails-again": 0,
                     *             "refused-erased": 0,
                     *             "discarded": 0,
                     *             "not-done": 0
                     *           },
                     *           "results": [
                     *             {
                     *               "id": "string",
                     *               "outcome": "applied",
                     *               "detail": "string"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        runs: components["schemas"]["BulkRun"][];
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    startBulkRun: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "replay",
                 *       "filter": {
                 *         "code": "invalid-request",
                 *         "stage": "string",
                 *         "hub": "image-stream",
                 *         "from": "2019-08-24T14:15:22Z",
                 *         "to": "2019-08-24T14:15:22Z"
                 *       },
                 *       "ids": [
                 *         "2-1041"
                 *       ],
                 *       "perMinute": 1,
                 *       "dryRun": false,
                 *       "reason": "string"
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    action: "replay" | "discard";
                    /** @default false */
                    dryRun?: boolean;
                    /** @description All that it finds; an empty one finds all */
                    filter?: components["schemas"]["BulkFilter"];
                    /** @description These, in the place of a filter */
                    ids?: string[];
                    /** @description At most so many a minute */
                    perMinute?: number;
                    /** @description Why, kept with who; needed unless it is a dry run */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description It has begun; a short one is over already */
            202: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "string",
                     *       "action": "replay",
                     *       "dryRun": true,
                     *       "filter": {
                     *         "code": "invalid-request",
                     *         "stage": "string",
                     *         "hub": "image-stream",
                     *         "from": "2019-08-24T14:15:22Z",
                     *         "to": "2019-08-24T14:15:22Z"
                     *       },
                     *       "reason": "string",
                     *       "actor": "string",
                     *       "perMinute": 0,
                     *       "state": "running",
                     *       "startedAt": "2019-08-24T14:15:22Z",
                     *       "endedAt": "2019-08-24T14:15:22Z",
                     *       "stopped": {
                     *         "actor": "string",
                     *         "reason": "string"
                     *       },
                     *       "waitingFor": "string",
                     *       "total": 0,
                     *       "done": 0,
                     *       "outcomes": {
                     *         "applied": 0,
                     *         "duplicate": 0,
                     *         "fails-again": 0,
                     *         "refused-erased": 0,
                     *         "discarded": 0,
                     *         "not-done": 0
                     *       },
                     *       "results": [
                     *         {
                     *           "id": "string",
                     *           "outcome": "applied",
                     *           "detail": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BulkRun"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description One of the ids is no dead letter */
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    getBulkRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "string",
                     *       "action": "replay",
                     *       "dryRun": true,
                     *       "filter": {
                     *         "code": "invalid-request",
                     *         "stage": "string",
                     *         "hub": "image-stream",
                     *         "from": "2019-08-24T14:15:22Z",
                     *         "to": "2019-08-24T14:15:22Z"
                     *       },
                     *       "reason": "string",
                     *       "actor": "string",
                     *       "perMinute": 0,
                     *       "state": "running",
                     *       "startedAt": "2019-08-24T14:15:22Z",
                     *       "endedAt": "2019-08-24T14:15:22Z",
                     *       "stopped": {
                     *         "actor": "string",
                     *         "reason": "string"
                     *       },
                     *       "waitingFor": "string",
                     *       "total": 0,
                     *       "done": 0,
                     *       "outcomes": {
                     *         "applied": 0,
                     *         "duplicate": 0,
                     *         "fails-again": 0,
                     *         "refused-erased": 0,
                     *         "discarded": 0,
                     *         "not-done": 0
                     *       },
                     *       "results": [
                     *         {
                     *           "id": "string",
                     *           "outcome": "applied",
                     *           "detail": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BulkRun"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such run; they are kept for 30 days */
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    stopBulkRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "string"
                 *     }
                 */
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description The run, stopped, or over as it was */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "string",
                     *       "action": "replay",
                     *       "dryRun": true,
                     *       "filter": {
                     *         "code": "invalid-request",
                     *         "stage": "string",
                     *         "hub": "image-stream",
                     *         "from": "2019-08-24T14:15:22Z",
                     *         "to": "2019-08-24T14:15:22Z"
                     *       },
                     *       "reason": "string",
                     *       "actor": "string",
                     *       "perMinute": 0,
                     *       "state": "running",
                     *       "startedAt": "2019-08-24T14:15:22Z",
                     *       "endedAt": "2019-08-24T14:15:22Z",
                     *       "stopped": {
                     *         "actor": "string",
                     *         "reason": "string"
                     *       },
                     *       "waitingFor": "string",
                     *       "total": 0,
                     *       "done": 0,
                     *       "outcomes": {
                     *         "applied": 0,
                     *         "duplicate": 0,
                     *         "fails-again": 0,
                     *         "refused-erased": 0,
                     *         "discarded": 0,
                     *         "not-done": 0
                     *       },
                     *       "results": [
                     *         {
                     *           "id": "string",
                     *           "outcome": "applied",
                     *           "detail": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BulkRun"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such run */
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    countDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts, the most first */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asOf": "2019-08-24T14:15:22Z",
                     *       "open": {
                     *         "deadLetters": 0,
                     *         "images": 0,
                     *         "since": "2019-08-24T14:15:22Z"
                     *       },
                     *       "counts": [
                     *         {
                     *           "code": "string",
                     *           "stage": "string",
                     *           "hub": "string",
                     *           "day": "2019-08-24",
                     *           "open": true,
                     *           "deadLetters": 0,
                     *           "images": 0,
                     *           "firstAt": "2019-08-24T14:15:22Z",
                     *           "lastAt": "2019-08-24T14:15:22Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeadLetterCounts"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    exportDeadLetters: {
        parameters: {
            query?: {
                code?: components["schemas"]["ErrorCode"];
                from?: string;
                /** @description The hub it came from */
                hub?: "image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter";
                imageId?: string;
                /** @description true: only those that nobody replayed with success, found to be done, or discarded */
                open?: boolean;
                stage?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dead letters as the list shows them */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example {"id":"2-1041","imageId":null,"origin":{"hub":"image-stream","partition":"0","offset":"7"},"stage":"parse","code":"message-malformed","message":"The message has none of the accepted forms","attempts":1,"payloadBytes":12,"deadAt":"2026-01-05T10:00:00.000Z","expiresAt":"2026-01-11T10:00:00.000Z","replays":0,"lastOutcome":null} */
                    "application/x-ndjson": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                code?: components["schemas"]["ErrorCode"];
                cursor?: string;
                from?: string;
                /** @description The hub it came from */
                hub?: "image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter";
                imageId?: string;
                limit?: number;
                /** @description true: only those that nobody replayed with success, found to be done, or discarded */
                open?: boolean;
                stage?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of dead letters */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deadLetters": [
                     *         {
                     *           "id": "string",
                     *           "imageId": "bbefe473-c66a-4040-85cf-1c7e6f0b3830",
                     *           "origin": {
                     *             "hub": "string",
                     *             "partition": "string",
                     *             "offset": "string"
                     *           },
                     *           "stage": "string",
                     *           "code": "string",
                     *           "message": "string",
                     *           "attempts": 0,
                     *           "payloadBytes": 0,
                     *           "deadAt": "2019-08-24T14:15:22Z",
                     *           "expiresAt": "2019-08-24T14:15:22Z",
                     *           "replays": 0,
                     *           "lastOutcome": "string"
                     *         }
                     *       ],
                     *       "next": "string"
                     *     }
                     */
                    "application/json": {
                        deadLetters: components["schemas"]["DeadLetter"][];
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description PARTITION-SEQUENCE in the dead-letter hub */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dead letter */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "string",
                     *       "imageId": "bbefe473-c66a-4040-85cf-1c7e6f0b3830",
                     *       "origin": {
                     *         "hub": "string",
                     *         "partition": "string",
                     *         "offset": "string"
                     *       },
                     *       "stage": "string",
                     *       "code": "string",
                     *       "message": "string",
                     *       "attempts": 0,
                     *       "payloadBytes": 0,
                     *       "deadAt": "2019-08-24T14:15:22Z",
                     *       "expiresAt": "2019-08-24T14:15:22Z",
                     *       "replays": 0,
                     *       "lastOutcome": "string",
                     *       "payload": {
                     *         "bytes": 0,
                     *         "contentType": "string",
                     *         "headers": [
                     *           "string"
                     *         ],
                     *         "hasKey": true,
                     *         "begins": "string",
                     *         "fields": [
                     *           "string"
                     *         ]
                     *       },
                     *       "replayed": [
                     *         {
                     *           "at": "2019-08-24T14:15:22Z",
                     *           "actor": "string",
                     *           "reason": "string",
                     *           "outcome": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeadLetterDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such dead letter */
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    replayDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "2-1041"
                 *       ],
                 *       "all": true,
                 *       "code": "invalid-request",
                 *       "dryRun": false,
                 *       "reason": "string"
                 *     }
                 */
                "application/json": {
                    /** @description Those that were not applied yet, oldest first */
                    all?: boolean;
                    /** @description With `all`: of this code only */
                    code?: components["schemas"]["ErrorCode"];
                    /** @default false */
                    dryRun?: boolean;
                    ids?: string[];
                    /** @description Why; needed unless it is a dry run */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description One result each; `more` when there were more than one request takes */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dryRun": true,
                     *       "results": [
                     *         {
                     *           "id": "string",
                     *           "outcome": "applied",
                     *           "detail": "string"
                     *         }
                     *       ],
                     *       "more": true
                     *     }
                     */
                    "application/json": components["schemas"]["ReplayAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description One of the ids is no dead letter */
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    browseHub: {
        parameters: {
            query?: {
                /** @description Of the CloudEvent */
                ceId?: string;
                /** @description To go on, or to follow live */
                cursor?: string;
                /** @description end, the newest, unless something else is said */
                from?: "start" | "end";
                /** @description NAME, or NAME=VALUE */
                header?: string;
                hub?: "image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter" | "image-outcomes";
                imageId?: string;
                key?: string;
                limit?: number;
                maxBytes?: number;
                minBytes?: number;
                offset?: string;
                owner?: string;
                /** @description All of them when it is left out */
                partition?: string;
                sequenceNumber?: number;
                time?: string;
                /** @description Of the CloudEvent */
                type?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, oldest first */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "events": [
                     *         {
                     *           "hub": "image-stream",
                     *           "partition": "string",
                     *           "offset": "string",
                     *           "sequenceNumber": 0,
                     *           "enqueuedAt": "2019-08-24T14:15:22Z",
                     *           "bytes": 0,
                     *           "content": {
                     *             "form": "string",
                     *             "problem": "string",
                     *             "imageId": "string",
                     *             "owner": "string",
                     *             "key": "string",
                     *             "contentType": "string",
                     *             "headers": [
                     *               {
                     *                 "name": "string",
                     *                 "value": "string"
                     *               }
                     *             ],
                     *             "cloudEvent": {
                     *               "id": "string",
                     *               "source": "string",
                     *               "type": "string",
                     *               "subject": "string"
                     *             },
                     *             "envelope": {
                     *               "property1": null,
                     *               "property2": null
                     *             },
                     *             "begins": "string"
                     *           }
                     *         }
                     *       ],
                     *       "next": "string",
                     *       "scanned": 0,
                     *       "atEnd": true
                     *     }
                     */
                    "application/json": components["schemas"]["BrowsedEvents"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The hub has no such partition */
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listExports: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tables that have been exported */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asOf": "2019-08-24T14:15:22Z",
                     *       "exports": [
                     *         {
                     *           "table": "string",
                     *           "watermark": 0,
                     *           "rows": 0,
                     *           "files": 0,
                     *           "bytes": 0,
                     *           "exportedAt": "2019-08-24T14:15:22Z",
                     *           "ageSeconds": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["LakeExports"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    exportNow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rebuild": false
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Write every file anew, as after a restore of the database; large, so better by the command line
                     * @default false
                     */
                    rebuild?: boolean;
                };
            };
        };
        responses: {
            /** @description What was done, table by table */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tables": [
                     *         {
                     *           "table": "string",
                     *           "changed": 0,
                     *           "written": 0,
                     *           "bytesWritten": 0,
                     *           "rows": 0,
                     *           "files": 0,
                     *           "bytes": 0,
                     *           "watermark": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        tables: {
                            bytes: number;
                            bytesWritten: number;
                            /** @description Rows that had changed since the last export */
                            changed: number;
                            files: number;
                            /** @description Rows that the table has in the lake now */
                            rows: number;
                            table: string;
                            watermark: number;
                            /** @description Files */
                            written: number;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    hubSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The hubs and their namespace */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asOf": "2019-08-24T14:15:22Z",
                     *       "hubs": [
                     *         {
                     *           "hub": "string",
                     *           "consumerGroup": "string",
                     *           "problem": "missing",
                     *           "createdAt": "2019-08-24T14:15:22Z",
                     *           "partitions": {
                     *             "actual": 0,
                     *             "template": 0,
                     *             "differs": true
                     *           },
                     *           "kept": {
                     *             "events": 0,
                     *             "bytes": 0,
                     *             "oldestAt": "2019-08-24T14:15:22Z"
                     *           },
                     *           "retentionHours": 0,
                     *           "largestEventBytes": 0
                     *         }
                     *       ],
                     *       "namespace": {
                     *         "tier": "string",
                     *         "minimumUnits": 0,
                     *         "maximumUnits": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AllHubSettings"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    countImages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asOf": "2019-08-24T14:15:22Z",
                     *       "counts": [
                     *         {
                     *           "status": "received",
                     *           "source": "http",
                     *           "images": 0,
                     *           "bytes": 0,
                     *           "oldest": "2019-08-24T14:15:22Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ImageCounts"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    lagHistory: {
        parameters: {
            query?: {
                /** @description All of them when it is left out */
                hub?: "image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter";
                minutes?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Points a minute apart; where they are further apart, nothing is known of the time between */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asOf": "2019-08-24T14:15:22Z",
                     *       "from": "2019-08-24T14:15:22Z",
                     *       "everySeconds": 0,
                     *       "hubs": [
                     *         {
                     *           "hub": "string",
                     *           "consumerGroup": "string",
                     *           "trend": {
                     *             "state": "unknown",
                     *             "eventsPerMinute": 0,
                     *             "drainSeconds": 0,
                     *             "inPerSecond": 0,
                     *             "outPerSecond": 0
                     *           },
                     *           "points": [
                     *             {
                     *               "at": "2019-08-24T14:15:22Z",
                     *               "events": 0,
                     *               "seconds": 0,
                     *               "inPerSecond": 0,
                     *               "outPerSecond": 0
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "marks": [
                     *         {
                     *           "at": "2019-08-24T14:15:22Z",
                     *           "kind": "deployed",
                     *           "hub": "string",
                     *           "services": "string",
                     *           "version": "string",
                     *           "count": 0
                     *         }
                     *       ],
                     *       "isComplete": true
                     *     }
                     */
                    "application/json": components["schemas"]["LagHistory"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listPersonRequests: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Audit entries */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "requests": [
                     *         {
                     *           "sequence": 0,
                     *           "at": "2019-08-24T14:15:22Z",
                     *           "actor": "string",
                     *           "action": "count",
                     *           "kind": "uploader",
                     *           "subject": "string",
                     *           "reason": "string",
                     *           "result": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        requests: components["schemas"]["PersonRequest"][];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    erasePerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "string",
                 *       "dryRun": false,
                 *       "kind": "uploader",
                 *       "id": "string"
                 *     }
                 */
                "application/json": {
                    /** @default false */
                    dryRun?: boolean;
                    /** @description The id that images are kept under: a principal, or a record’s key */
                    id: string;
                    /** @constant */
                    kind: "uploader";
                    /** @description Why, kept with who. Without the person’s name */
                    reason: string;
                } | {
                    /** @default false */
                    dryRun?: boolean;
                    /** @description The membership id */
                    id: string;
                    /** @constant */
                    kind: "member";
                    /** @description Why, kept with who. Without the person’s name */
                    reason: string;
                    /**
                     * Format: uuid
                     * @description The member’s key, as a receipt has it: then nobody else who has the membership id is meant
                     */
                    subject?: string;
                };
            };
        };
        responses: {
            /** @description What was done; when `unfinished`, ask again */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dryRun": true,
                     *       "unfinished": true,
                     *       "failed": 0,
                     *       "result": {
                     *         "property1": 0,
                     *         "property2": 0
                     *       },
                     *       "receipt": {
                     *         "kind": "uploader",
                     *         "subject": "string",
                     *         "at": "2019-08-24T14:15:22Z",
                     *         "result": {
                     *           "property1": 0,
                     *           "property2": 0
                     *         },
                     *         "id": "string",
                     *         "salt": "string",
                     *         "sequence": 0,
                     *         "note": "string"
                     *       },
                     *       "imageReceipts": [
                     *         {
                     *           "imageId": "bbefe473-c66a-4040-85cf-1c7e6f0b3830",
                     *           "status": "complete",
                     *           "kind": "retention",
                     *           "blobs": 0,
                     *           "bytes": 0,
                     *           "lakeRows": 0,
                     *           "uploadedAt": "2019-08-24T14:15:22Z",
                     *           "dueAt": "2019-08-24T14:15:22Z",
                     *           "erasedAt": "2019-08-24T14:15:22Z",
                     *           "salt": "string",
                     *           "leaf": "string",
                     *           "signature": "string",
                     *           "leafIndex": 0,
                     *           "inclusionProof": [
                     *             "string"
                     *           ],
                     *           "checkpoint": "string"
                     *         }
                     *       ],
                     *       "remaining": [
                     *         {
                     *           "copy": "string",
                     *           "until": "2019-08-24T14:15:22Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PersonErasure"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such member */
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    exportPerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "string",
                 *       "kind": "uploader",
                 *       "id": "string"
                 *     }
                 */
                "application/json": {
                    /** @description The id that images are kept under: a principal, or a record’s key */
                    id: string;
                    /** @constant */
                    kind: "uploader";
                    /** @description Why, kept with who. Without the person’s name */
                    reason: string;
                } | {
                    /** @description The membership id */
                    id: string;
                    /** @constant */
                    kind: "member";
                    /** @description Why, kept with who. Without the person’s name */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description The data, and the number of the audit entry */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sequence": 0,
                     *       "uploader": {
                     *         "images": [
                     *           "497f6eca-6276-4993-bfeb-53cbbbba6f08"
                     *         ],
                     *         "uploads": [
                     *           {
                     *             "id": "string",
                     *             "metadata": "string",
                     *             "offset": 0,
                     *             "createdAt": "2019-08-24T14:15:22Z",
                     *             "expiresAt": "2019-08-24T14:15:22Z"
                     *           }
                     *         ],
                     *         "deadLetters": [
                     *           {
                     *             "imageId": "bbefe473-c66a-4040-85cf-1c7e6f0b3830",
                     *             "enqueuedAt": "2019-08-24T14:15:22Z",
                     *             "key": "string",
                     *             "headers": {
                     *               "property1": "string",
                     *               "property2": "string"
                     *             },
                     *             "value": "/9j/4AAQSkZJRg=="
                     *           }
                     *         ]
                     *       },
                     *       "member": {
                     *         "memberKey": "16f5faf3-c5d5-4f41-8166-a869a6d8453d",
                     *         "name": "string",
                     *         "email": "string",
                     *         "dateOfBirth": "2019-08-24",
                     *         "mobile": "string",
                     *         "membership": "string",
                     *         "status": "string",
                     *         "joinedAt": "2019-08-24T14:15:22Z",
                     *         "history": null,
                     *         "orders": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PersonExport"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such member */
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    listProcessors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By name */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "processors": [
                     *         {
                     *           "name": "string",
                     *           "version": "string",
                     *           "variants": [
                     *             "string"
                     *           ],
                     *           "versions": [
                     *             {
                     *               "version": "string",
                     *               "images": 0,
                     *               "lastAt": "2019-08-24T14:15:22Z"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        processors: components["schemas"]["Processor"][];
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    purgeNow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dryRun": false,
                 *       "sweep": false,
                 *       "replayLedger": false,
                 *       "sameRestore": false,
                 *       "digests": []
                 *     }
                 */
                "application/json": {
                    /**
                     * @description With `replayLedger`: image digests of a ledger exported after the backup was made
                     * @default []
                     */
                    digests?: string[];
                    /** @default false */
                    dryRun?: boolean;
                    /**
                     * @description After a restore: erase again what the ledger says was erased, and have the lake written anew
                     * @default false
                     */
                    replayLedger?: boolean;
                    /**
                     * @description With `replayLedger`: more digests of a restore whose epoch has begun already
                     * @default false
                     */
                    sameRestore?: boolean;
                    /**
                     * @description Also hold the stores against the rows and mend them
                     * @default false
                     */
                    sweep?: boolean;
                };
            };
        };
        responses: {
            /** @description What was done; when `purge.unfinished`, ask again */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "purge": {
                     *         "dryRun": true,
                     *         "due": 0,
                     *         "erased": 0,
                     *         "blobs": 0,
                     *         "bytes": 0,
                     *         "failed": 0,
                     *         "unfinished": true
                     *       },
                     *       "sweep": {
                     *         "dryRun": true,
                     *         "resent": 0,
                     *         "erased": 0,
                     *         "missingBytes": 0,
                     *         "staleRows": 0,
                     *         "missingDerivatives": 0,
                     *         "orphanedDerivatives": 0,
                     *         "expiredPayloads": 0,
                     *         "discardedUploads": 0,
                     *         "expiredUploads": 0,
                     *         "failed": 0
                     *       },
                     *       "cameBack": 0
                     *     }
                     */
                    "application/json": {
                        /** @description Images that a restore had brought back */
                        cameBack?: number;
                        purge: {
                            blobs: number;
                            bytes: number;
                            dryRun: boolean;
                            due: number;
                            erased: number;
                            failed: number;
                            unfinished: boolean;
                        };
                        sweep?: {
                            discardedUploads: number;
                            dryRun: boolean;
                            erased: number;
                            expiredPayloads: number;
                            expiredUploads: number;
                            /** @description What the next sweep tries again */
                            failed: number;
                            missingBytes: number;
                            /** @description Processed again, since a derivative is missing */
                            missingDerivatives: number;
                            orphanedDerivatives: number;
                            resent: number;
                            /** @description Stored for longer than their event is kept: it is sent again */
                            staleRows: number;
                        };
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    listPurges: {
        parameters: {
            query?: {
                cursor?: string;
                /** @description Was this image erased? */
                imageId?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the ledger */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "purges": [
                     *         {
                     *           "sequence": 0,
                     *           "leafIndex": 0,
                     *           "kind": "retention",
                     *           "commitment": "string",
                     *           "imageDigest": "string",
                     *           "blobs": 0,
                     *           "bytes": 0,
                     *           "lakeRows": 0,
                     *           "uploadedAt": "string",
                     *           "dueAt": "string",
                     *           "erasedAt": "string"
                     *         }
                     *       ],
                     *       "next": "string"
                     *     }
                     */
                    "application/json": {
                        next: string | null;
                        purges: components["schemas"]["LedgerEntry"][];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    verifyLedger: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether every entry is what was signed, and true */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "valid": true,
                     *       "entries": 0,
                     *       "checkpoint": "string",
                     *       "faults": [
                     *         {
                     *           "code": "string",
                     *           "at": 0,
                     *           "message": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["LedgerVerification"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listReaders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The readers of the hubs */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asOf": "2019-08-24T14:15:22Z",
                     *       "readers": [
                     *         {
                     *           "hub": "string",
                     *           "consumerGroup": "string",
                     *           "pause": {
                     *             "since": "2019-08-24T14:15:22Z",
                     *             "actor": "string",
                     *             "reason": "string",
                     *             "isHold": true,
                     *             "remindAt": "2019-08-24T14:15:22Z"
                     *           },
                     *           "resumedAt": "2019-08-24T14:15:22Z",
                     *           "limit": {
                     *             "deadLetters": 0,
                     *             "minutes": 0,
                     *             "isDefault": true
                     *           }
                     *         }
                     *       ],
                     *       "changes": [
                     *         {
                     *           "id": 0,
                     *           "hub": "string",
                     *           "topic": "string",
                     *           "action": "string",
                     *           "actor": "string",
                     *           "reason": "string",
                     *           "detail": {
                     *             "property1": null,
                     *             "property2": null
                     *           },
                     *           "at": "2019-08-24T14:15:22Z"
                     *         }
                     *       ],
                     *       "losses": [
                     *         {
                     *           "hub": "string",
                     *           "partition": "string",
                     *           "message": "string",
                     *           "at": "2019-08-24T14:15:22Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Readers"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    limitReader: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hub": "image-stream",
                 *       "deadLetters": 1,
                 *       "minutes": 10,
                 *       "dryRun": false,
                 *       "reason": "string"
                 *     }
                 */
                "application/json": {
                    /** @description null: never */
                    deadLetters: number | null;
                    /** @default false */
                    dryRun?: boolean;
                    /** @enum {string} */
                    hub: "image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing";
                    /** @default 10 */
                    minutes?: number;
                    /** @description Why; needed unless it is a dry run */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description What changed, or would */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dryRun": true,
                     *       "results": [
                     *         {
                     *           "hub": "string",
                     *           "outcome": "changed",
                     *           "detail": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReaderResults"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    moveReader: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hub": "image-stream",
                 *       "partition": "strin",
                 *       "to": "beginning",
                 *       "dryRun": false,
                 *       "reason": "string"
                 *     }
                 */
                "application/json": {
                    /** @default false */
                    dryRun?: boolean;
                    /** @enum {string} */
                    hub: "image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter";
                    /** @description All of them when left out */
                    partition?: string;
                    /** @description Why; needed unless it is a dry run */
                    reason?: string;
                    to: ("beginning" | "end") | {
                        /** @description As Kafka counts; Event Hubs calls it the sequence number */
                        offset: number;
                    } | {
                        /**
                         * Format: date-time
                         * @description The first event that came then or later
                         */
                        time: string;
                    };
                };
            };
        };
        responses: {
            /** @description What each partition reads next */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dryRun": true,
                     *       "moves": [
                     *         {
                     *           "hub": "string",
                     *           "partition": "string",
                     *           "from": 0,
                     *           "to": 0,
                     *           "again": 0,
                     *           "skipped": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReaderMoves"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The reader is not paused, or no host has read the partition yet */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    pauseReaders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hubs": [
                 *         "image-stream"
                 *       ],
                 *       "remindAfterMinutes": 60,
                 *       "dryRun": false,
                 *       "reason": "string"
                 *     }
                 */
                "application/json": {
                    /** @default false */
                    dryRun?: boolean;
                    /** @description All of them when left out */
                    hubs?: ("image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter")[];
                    /** @description Why; needed unless it is a dry run */
                    reason?: string;
                    /**
                     * @description Alerts are quiet about it for so long
                     * @default 60
                     */
                    remindAfterMinutes?: number;
                };
            };
        };
        responses: {
            /** @description What changed, or would */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dryRun": true,
                     *       "results": [
                     *         {
                     *           "hub": "string",
                     *           "outcome": "changed",
                     *           "detail": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReaderResults"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    resumeReaders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hubs": [
                 *         "image-stream"
                 *       ],
                 *       "dryRun": false,
                 *       "reason": "string"
                 *     }
                 */
                "application/json": {
                    /** @default false */
                    dryRun?: boolean;
                    /** @description All of them when left out */
                    hubs?: ("image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter")[];
                    /** @description Why; needed unless it is a dry run */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description What changed, or would */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dryRun": true,
                     *       "results": [
                     *         {
                     *           "hub": "string",
                     *           "outcome": "changed",
                     *           "detail": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReaderResults"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    requestReprocess: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "497f6eca-6276-4993-bfeb-53cbbbba6f08"
                 *       ],
                 *       "all": true,
                 *       "unprocessed": true,
                 *       "processor": "string",
                 *       "version": "string",
                 *       "dryRun": false,
                 *       "reason": "string"
                 *     }
                 */
                "application/json": {
                    all?: boolean;
                    /** @default false */
                    dryRun?: boolean;
                    ids?: string[];
                    /** @description Only images that another version of this processor worked on */
                    processor?: string;
                    reason?: string;
                    /** @description Only images that are not processed and have no dead letter: a hub lost their event, or it waits there still */
                    unprocessed?: boolean;
                    /** @description Other than this; the present one when not given */
                    version?: string;
                };
            };
        };
        responses: {
            /** @description So many would be, in a dry run */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dryRun": true,
                     *       "images": 0,
                     *       "stopped": true
                     *     }
                     */
                    "application/json": {
                        dryRun: boolean;
                        images: number;
                        stopped: boolean;
                    };
                };
            };
            /** @description So many images are on their way; `stopped` when somebody stopped it before all were sent */
            202: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dryRun": true,
                     *       "images": 0,
                     *       "stopped": true
                     *     }
                     */
                    "application/json": {
                        dryRun: boolean;
                        images: number;
                        stopped: boolean;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description There is no such processor */
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    stopReprocess: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dryRun": false,
                 *       "reason": "string"
                 *     }
                 */
                "application/json": {
                    /** @default false */
                    dryRun?: boolean;
                    /** @description Why; needed unless it is a dry run */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description What changed, or would */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dryRun": true,
                     *       "results": [
                     *         {
                     *           "hub": "string",
                     *           "outcome": "changed",
                     *           "detail": "string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReaderResults"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    reportRights: {
        parameters: {
            query?: {
                role?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Role × object × verb */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asOf": "2019-08-24T14:15:22Z",
                     *       "roles": [
                     *         "string"
                     *       ],
                     *       "rights": [
                     *         {
                     *           "role": "string",
                     *           "schema": "string",
                     *           "object": "string",
                     *           "kind": "string",
                     *           "verb": "string",
                     *           "allowed": true,
                     *           "meant": true
                     *         }
                     *       ],
                     *       "differences": [
                     *         {
                     *           "role": "string",
                     *           "schema": "string",
                     *           "object": "string",
                     *           "kind": "string",
                     *           "verb": "string",
                     *           "allowed": true,
                     *           "meant": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RightsReport"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    explainRights: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "person": "Samir Rossi",
                 *       "object": "sales.products"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description SCHEMA.NAME
                     * @example sales.products
                     */
                    object: string;
                    /**
                     * @description A full name, a sign-in name, an object id, or application roles: `Sales,Analytics`
                     * @example Samir Rossi
                     * @example Sales,Analytics
                     */
                    person: string;
                };
            };
        };
        responses: {
            /** @description The ways to it, or what is missing and who may grant it */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asOf": "2019-08-24T14:15:22Z",
                     *       "person": {
                     *         "name": "string",
                     *         "grants": [
                     *           {
                     *             "role": "Uploader",
                     *             "group": "string"
                     *           }
                     *         ]
                     *       },
                     *       "object": "string",
                     *       "kind": "string",
                     *       "allowed": true,
                     *       "ways": [
                     *         {
                     *           "group": "string",
                     *           "appRole": "Uploader",
                     *           "service": "string",
                     *           "databaseRole": "string",
                     *           "members": [
                     *             "string"
                     *           ],
                     *           "schema": "string",
                     *           "verbs": [
                     *             "string"
                     *           ]
                     *         }
                     *       ],
                     *       "rolesThatMay": [
                     *         "Uploader"
                     *       ],
                     *       "reason": "string",
                     *       "remedy": "string"
                     *     }
                     */
                    "application/json": components["schemas"]["RightsExplanation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Nobody is called so, or the database has no such object */
            404: components["responses"]["Problem404"];
            /** @description Several people are called so */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    describeSandbox: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Candidates */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "candidates": [
                     *         {
                     *           "name": "string",
                     *           "version": "string",
                     *           "variants": [
                     *             "string"
                     *           ],
                     *           "releasedVersion": "string"
                     *         }
                     *       ],
                     *       "problem": "string",
                     *       "maxBytes": 0
                     *     }
                     */
                    "application/json": components["schemas"]["SandboxDescription"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    tryPhoto: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
                "image/avif": unknown;
                "image/bmp": unknown;
                "image/gif": unknown;
                "image/heic": unknown;
                "image/jpeg": unknown;
                "image/jxl": unknown;
                "image/png": unknown;
                "image/tiff": unknown;
                "image/webp": unknown;
            };
        };
        responses: {
            /** @description What each makes of it */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "image": {
                     *         "contentType": "string",
                     *         "width": 0,
                     *         "height": 0,
                     *         "bytes": 0
                     *       },
                     *       "decodingMs": {
                     *         "released": 0,
                     *         "candidate": 0
                     *       },
                     *       "rows": [
                     *         {
                     *           "name": "string",
                     *           "kind": "variant",
                     *           "processor": "string",
                     *           "outcome": "same",
                     *           "reason": "string",
                     *           "ssim": 0,
                     *           "released": {
                     *             "version": "string",
                     *             "contentType": "string",
                     *             "width": 0,
                     *             "height": 0,
                     *             "bytes": 0,
                     *             "milliseconds": 0,
                     *             "picture": "string",
                     *             "value": null
                     *           },
                     *           "candidate": {
                     *             "version": "string",
                     *             "contentType": "string",
                     *             "width": 0,
                     *             "height": 0,
                     *             "bytes": 0,
                     *             "milliseconds": 0,
                     *             "picture": "string",
                     *             "value": null
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TriedPhoto"];
                };
            };
            /** @description There are no bytes */
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Too many bytes */
            413: components["responses"]["Problem413"];
            500: components["responses"]["Problem500"];
            /** @description Others use the sandbox */
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    shadowImage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "imageId": "bbefe473-c66a-4040-85cf-1c7e6f0b3830"
                 *     }
                 */
                "application/json": {
                    /** Format: uuid */
                    imageId: string;
                };
            };
        };
        responses: {
            /** @description What differs, and all that candidates make */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "skipped": "gone",
                     *       "rows": [
                     *         {
                     *           "name": "string",
                     *           "kind": "variant",
                     *           "processor": "string",
                     *           "outcome": "same",
                     *           "reason": "string",
                     *           "ssim": 0,
                     *           "released": {
                     *             "version": "string",
                     *             "contentType": "string",
                     *             "width": 0,
                     *             "height": 0,
                     *             "bytes": 0,
                     *             "milliseconds": 0
                     *           },
                     *           "candidate": {
                     *             "version": "string",
                     *             "contentType": "string",
                     *             "width": 0,
                     *             "height": 0,
                     *             "bytes": 0,
                     *             "milliseconds": 0
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ShadowedImage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            /** @description Others use the sandbox */
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    streamState: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The hubs and their readers */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asOf": "2019-08-24T14:15:22Z",
                     *       "groups": [
                     *         {
                     *           "state": "current",
                     *           "events": 0,
                     *           "seconds": 0,
                     *           "hub": "string",
                     *           "consumerGroup": "string",
                     *           "throughput": {
                     *             "inPerSecond": 0,
                     *             "settledPerSecond": 0
                     *           },
                     *           "partitions": [
                     *             {
                     *               "state": "current",
                     *               "events": 0,
                     *               "seconds": 0,
                     *               "partition": "string",
                     *               "expired": 0,
                     *               "lastSequenceNumber": 0,
                     *               "checkpoint": 0,
                     *               "checkpointAt": "2019-08-24T14:15:22Z"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["StreamState"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    traceImage: {
        parameters: {
            query?: {
                ceId?: string;
                /** @description With `ceId`; without it the hub is searched */
                ceSource?: string;
                hub?: "image-stream" | "image-processing" | "image-processing-slow" | "image-reprocessing" | "image-dead-letter" | "image-outcomes";
                imageId?: string;
                key?: string;
                offset?: string;
                partition?: string;
                sequenceNumber?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The images that it leads to */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "complete": true,
                     *       "erased": true,
                     *       "images": [
                     *         {
                     *           "imageId": "string",
                     *           "erased": true,
                     *           "image": {
                     *             "status": "received",
                     *             "source": "http",
                     *             "owner": "string",
                     *             "uploadedAt": "2019-08-24T14:15:22Z",
                     *             "deleteAt": "2019-08-24T14:15:22Z",
                     *             "failureCode": "string"
                     *           },
                     *           "records": [
                     *             {
                     *               "hub": "image-stream",
                     *               "partition": "string",
                     *               "offset": "string",
                     *               "sequenceNumber": 0,
                     *               "enqueuedAt": "2019-08-24T14:15:22Z",
                     *               "bytes": 0
                     *             }
                     *           ],
                     *           "deadLetters": [
                     *             "string"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TraceAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A record is named by its partition and its offset or sequence number */
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listUnfinishedImages: {
        parameters: {
            query: {
                cursor?: string;
                limit?: number;
                state: "stored" | "failed" | "erasure";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, the longest first */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "images": [
                     *         {
                     *           "imageId": "bbefe473-c66a-4040-85cf-1c7e6f0b3830",
                     *           "source": "http",
                     *           "code": "string",
                     *           "uploadedAt": "2019-08-24T14:15:22Z",
                     *           "since": "2019-08-24T14:15:22Z"
                     *         }
                     *       ],
                     *       "next": "string"
                     *     }
                     */
                    "application/json": components["schemas"]["UnfinishedImages"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listProducts: {
        parameters: {
            query?: {
                active?: "true" | "false" | "all";
                /** @description `next` of the page before */
                cursor?: string;
                limit?: number;
                /** @description A part of the name or the manufacturer */
                search?: string;
                sort?: components["schemas"]["ProductSort"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "products": [
                     *         {
                     *           "productId": 0,
                     *           "name": "Print 30×40, matte",
                     *           "manufacturer": "Norrvik",
                     *           "cost": "12.3400",
                     *           "weight": "0.250",
                     *           "isActive": true,
                     *           "createdAt": "2026-03-14T09:26:53.589Z",
                     *           "createdBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *           "changedAt": "2026-03-14T09:26:53.589Z",
                     *           "changedBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *           "retiredAt": "2026-03-14T09:26:53.589Z",
                     *           "retiredBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *           "etag": "\"7\""
                     *         }
                     *       ],
                     *       "next": "string",
                     *       "asOf": "2026-03-14T09:26:53.589Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ProductPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    addProduct: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Print 30×40, matte",
                 *       "manufacturer": "Print 30×40, matte",
                 *       "cost": "12.34",
                 *       "weight": "0.250"
                 *     }
                 */
                "application/json": components["schemas"]["ProductDetails"];
            };
        };
        responses: {
            /** @description The product */
            201: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "productId": 0,
                     *       "name": "Print 30×40, matte",
                     *       "manufacturer": "Norrvik",
                     *       "cost": "12.3400",
                     *       "weight": "0.250",
                     *       "isActive": true,
                     *       "createdAt": "2026-03-14T09:26:53.589Z",
                     *       "createdBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "changedAt": "2026-03-14T09:26:53.589Z",
                     *       "changedBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "retiredAt": "2026-03-14T09:26:53.589Z",
                     *       "retiredBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "etag": "\"7\""
                     *     }
                     */
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The manufacturer has a product of this name */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    getProduct: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "productId": 0,
                     *       "name": "Print 30×40, matte",
                     *       "manufacturer": "Norrvik",
                     *       "cost": "12.3400",
                     *       "weight": "0.250",
                     *       "isActive": true,
                     *       "createdAt": "2026-03-14T09:26:53.589Z",
                     *       "createdBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "changedAt": "2026-03-14T09:26:53.589Z",
                     *       "changedBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "retiredAt": "2026-03-14T09:26:53.589Z",
                     *       "retiredBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "etag": "\"7\""
                     *     }
                     */
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such product */
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    retireProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The etag of the product as you read it */
                "if-match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "productId": 0,
                     *       "name": "Print 30×40, matte",
                     *       "manufacturer": "Norrvik",
                     *       "cost": "12.3400",
                     *       "weight": "0.250",
                     *       "isActive": true,
                     *       "createdAt": "2026-03-14T09:26:53.589Z",
                     *       "createdBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "changedAt": "2026-03-14T09:26:53.589Z",
                     *       "changedBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "retiredAt": "2026-03-14T09:26:53.589Z",
                     *       "retiredBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "etag": "\"7\""
                     *     }
                     */
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such product */
            404: components["responses"]["Problem404"];
            /** @description Somebody changed it since you read it */
            412: components["responses"]["Problem412"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    correctProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The etag of the product as you read it */
                "if-match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Print 30×40, matte",
                 *       "manufacturer": "Print 30×40, matte",
                 *       "cost": "12.34",
                 *       "weight": "0.250"
                 *     }
                 */
                "application/json": components["schemas"]["ProductChanges"];
            };
        };
        responses: {
            /** @description The product */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "productId": 0,
                     *       "name": "Print 30×40, matte",
                     *       "manufacturer": "Norrvik",
                     *       "cost": "12.3400",
                     *       "weight": "0.250",
                     *       "isActive": true,
                     *       "createdAt": "2026-03-14T09:26:53.589Z",
                     *       "createdBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "changedAt": "2026-03-14T09:26:53.589Z",
                     *       "changedBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "retiredAt": "2026-03-14T09:26:53.589Z",
                     *       "retiredBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "etag": "\"7\""
                     *     }
                     */
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such product */
            404: components["responses"]["Problem404"];
            /** @description It is retired, or the name is taken */
            409: components["responses"]["Problem409"];
            /** @description Somebody changed it since you read it */
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            /** @description If-Match is missing */
            428: components["responses"]["Problem428"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    productHistory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "versions": [
                     *         {
                     *           "name": "Print 30×40, matte",
                     *           "manufacturer": "Norrvik",
                     *           "cost": "12.3400",
                     *           "weight": "0.250",
                     *           "isActive": true,
                     *           "changedAt": "2026-03-14T09:26:53.589Z",
                     *           "changedBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *           "etag": "\"7\""
                     *         }
                     *       ],
                     *       "asOf": "2026-03-14T09:26:53.589Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ProductHistory"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such product */
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    restoreProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The etag of the product as you read it */
                "if-match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "productId": 0,
                     *       "name": "Print 30×40, matte",
                     *       "manufacturer": "Norrvik",
                     *       "cost": "12.3400",
                     *       "weight": "0.250",
                     *       "isActive": true,
                     *       "createdAt": "2026-03-14T09:26:53.589Z",
                     *       "createdBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "changedAt": "2026-03-14T09:26:53.589Z",
                     *       "changedBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "retiredAt": "2026-03-14T09:26:53.589Z",
                     *       "retiredBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *       "etag": "\"7\""
                     *     }
                     */
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such product */
            404: components["responses"]["Problem404"];
            /** @description Somebody changed it since you read it */
            412: components["responses"]["Problem412"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    exportProducts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # role: sales; as of: 2026-01-05T10:00:00.000Z; rows: 1 of 1
                     *     productId,name,manufacturer,cost,weight,isActive
                     *     1,Tripod,Kolm,49.9000,1.200,true
                     */
                    "text/csv": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    importProducts: {
        parameters: {
            query?: {
                /** @description What decimals have in numbers such as 1.250; without it such a number is refused unless others show it */
                decimals?: "point" | "comma";
                /** @description Say only what it would do */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example name,manufacturer,cost,weight
                 *     Tripod,Kolm,49.90,1.200
                 *     "Lens, wide",Kolm,199,0.4
                 */
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description What was done, or would be */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "applied": true,
                     *       "rows": 0,
                     *       "added": 0,
                     *       "changed": 0,
                     *       "unchanged": 0,
                     *       "changes": [
                     *         {
                     *           "row": 0,
                     *           "outcome": "added",
                     *           "productId": 0,
                     *           "name": "string",
                     *           "manufacturer": "string",
                     *           "cost": "12.3400",
                     *           "weight": "0.250",
                     *           "isActive": true,
                     *           "was": {
                     *             "productId": 0,
                     *             "name": "Print 30×40, matte",
                     *             "manufacturer": "Norrvik",
                     *             "cost": "12.3400",
                     *             "weight": "0.250",
                     *             "isActive": true,
                     *             "createdAt": "2026-03-14T09:26:53.589Z",
                     *             "createdBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *             "changedAt": "2026-03-14T09:26:53.589Z",
                     *             "changedBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *             "retiredAt": "2026-03-14T09:26:53.589Z",
                     *             "retiredBy": "4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10",
                     *             "etag": "\"7\""
                     *           }
                     *         }
                     *       ],
                     *       "issues": [
                     *         {
                     *           "row": 0,
                     *           "column": "string",
                     *           "value": "string",
                     *           "reason": "string"
                     *         }
                     *       ],
                     *       "asOf": "2026-03-14T09:26:53.589Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ProductImport"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description More rows or bytes than one file may have */
            413: components["responses"]["Problem413"];
            /** @description Rows are not valid, or name an etag that is no longer the product’s; nothing was changed */
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": unknown;
            };
        };
        responses: {
            /** @description Location continues it; its id is the id of the image */
            201: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Upload-Length, Upload-Metadata or another header is not well formed */
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such upload of yours */
            404: components["responses"]["Problem404"];
            /** @description The upload stands elsewhere, or is over */
            409: components["responses"]["Problem409"];
            /** @description It was not finished in time, or its image was erased */
            410: components["responses"]["Problem410"];
            /** @description Another version of tus than 1.0.0 */
            412: components["responses"]["Problem412"];
            /** @description More bytes than it said, or than an image may have */
            413: components["responses"]["Problem413"];
            /** @description Not `application/offset+octet-stream`, or bytes that are no image */
            415: components["responses"]["Problem415"];
            /** @description Another request has it at this moment; try again */
            423: components["responses"]["Problem423"];
            /** @description Too many uploads of yours are under way; try again later */
            429: components["responses"]["Problem429"];
            /** @description The bytes do not have the checksum that was sent with them */
            460: components["responses"]["Problem460"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    uploadsOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm */
            204: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["Problem500"];
            507: components["responses"]["Problem507"];
        };
    };
    overriddenUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The upload, and the image that it becomes */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": unknown;
            };
        };
        responses: {
            /** @description As the method that is named */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description As the method that is named */
            204: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such upload of yours */
            404: components["responses"]["Problem404"];
            /** @description The upload stands elsewhere, or is over */
            409: components["responses"]["Problem409"];
            /** @description It was not finished in time, or its image was erased */
            410: components["responses"]["Problem410"];
            /** @description Another version of tus than 1.0.0 */
            412: components["responses"]["Problem412"];
            /** @description More bytes than it said, or than an image may have */
            413: components["responses"]["Problem413"];
            /** @description Not `application/offset+octet-stream`, or bytes that are no image */
            415: components["responses"]["Problem415"];
            /** @description Another request has it at this moment; try again */
            423: components["responses"]["Problem423"];
            /** @description Too many uploads of yours are under way; try again later */
            429: components["responses"]["Problem429"];
            /** @description The bytes do not have the checksum that was sent with them */
            460: components["responses"]["Problem460"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    endUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The upload, and the image that it becomes */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such upload of yours */
            404: components["responses"]["Problem404"];
            /** @description It was not finished in time, or its image was erased */
            410: components["responses"]["Problem410"];
            /** @description Another version of tus than 1.0.0 */
            412: components["responses"]["Problem412"];
            /** @description Another request has it at this moment; try again */
            423: components["responses"]["Problem423"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    uploadOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The upload, and the image that it becomes */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm */
            204: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            500: components["responses"]["Problem500"];
            507: components["responses"]["Problem507"];
        };
    };
    headUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The upload, and the image that it becomes */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Upload-Offset and Upload-Length */
            200: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such upload of yours */
            404: components["responses"]["Problem404"];
            /** @description It was not finished in time, or its image was erased */
            410: components["responses"]["Problem410"];
            /** @description Another version of tus than 1.0.0 */
            412: components["responses"]["Problem412"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    continueUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The upload, and the image that it becomes */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": unknown;
            };
        };
        responses: {
            /** @description Upload-Offset; with the last byte it is an image */
            204: {
                headers: {
                    "x-correlation-id": components["headers"]["CorrelationId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No such upload of yours */
            404: components["responses"]["Problem404"];
            /** @description The upload stands elsewhere, or is over */
            409: components["responses"]["Problem409"];
            /** @description It was not finished in time, or its image was erased */
            410: components["responses"]["Problem410"];
            /** @description Another version of tus than 1.0.0 */
            412: components["responses"]["Problem412"];
            /** @description More bytes than it said, or than an image may have */
            413: components["responses"]["Problem413"];
            /** @description Not `application/offset+octet-stream`, or bytes that are no image */
            415: components["responses"]["Problem415"];
            /** @description Another request has it at this moment; try again */
            423: components["responses"]["Problem423"];
            /** @description Too many uploads of yours are under way; try again later */
            429: components["responses"]["Problem429"];
            /** @description The bytes do not have the checksum that was sent with them */
            460: components["responses"]["Problem460"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
}
