/* Generated from openapi.json by openapi/generate.ts: change the routes, then run npm run openapi. */
/* eslint-disable */
export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says that the process answers */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says that requests can be served */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the bytes of an artifact */
        get: operations["getArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the well-known data sets
         * @description What {catalog: id} may name, in POST /v1/datasets and in specs. Files are downloaded when they are asked for, and kept.
         */
        get: operations["listCatalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/checkpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a checkpoint */
        get: operations["getCheckpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/checkpoints/{id}/weights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the weights
         * @description A safetensors file; its metadata holds step, learning rate, experiment, trial and the fingerprint.
         */
        get: operations["getWeights"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List data sets, newest first */
        get: operations["listDatasets"];
        put?: never;
        /**
         * Upload, generate, download or derive a data set
         * @description multipart/form-data with files of one of the formats, or JSON that names a source: a generator, an entry of the catalog, or what is to be made of other data sets. The same data twice is one data set: 200 instead of 201. With validate=true everything is read and checked, the answer says what it would be, and nothing is stored. GET /v1/uploads tells how far an upload is.
         */
        post: operations["createDataset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/datasets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a data set */
        get: operations["getDataset"];
        put?: never;
        post?: never;
        /**
         * Delete a data set
         * @description Refused with the list of users while an experiment or a model refers to it.
         */
        delete: operations["deleteDataset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/datasets/{id}/examples/{split}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at neighbouring examples
         * @description As rows of the table, as text or as numbers; CSV with Accept: text/csv where they are rows.
         */
        get: operations["listExamples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/datasets/{id}/examples/{split}/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at one example
         * @description JSON with all its fields, or with Accept: image/png the picture of one: an image, or a class map with a palette.
         */
        get: operations["getExample"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/datasets/{id}/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what can be drawn of a data set
         * @description columns: the spread of every column. classes: how many examples each class has. examples: some pictures of every class. What a data set has depends on what it is.
         */
        get: operations["listDatasetFigures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/datasets/{id}/figures/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a figure of a data set
         * @description As a Vega-Lite specification with its data inside, or drawn: Accept image/svg+xml or image/png.
         */
        get: operations["getDatasetFigure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List experiments, newest first */
        get: operations["listExperiments"];
        put?: never;
        /**
         * Submit an experiment
         * @description A spec of one kind, or a preset with overrides. Defaults are filled in, data is fixed to a data set and models to a checkpoint before it is stored. With validate=true nothing is stored: the answer says whether it is valid, how many trials it makes and what they take.
         */
        post: operations["createExperiment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an experiment with its progress */
        get: operations["getExperiment"];
        put?: never;
        post?: never;
        /** Delete a finished experiment with all it made */
        delete: operations["deleteExperiment"];
        options?: never;
        head?: never;
        /** Change its name, tags, notes or priority */
        patch: operations["updateExperiment"];
        trace?: never;
    };
    "/v1/experiments/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End it at the next boundary; what was recorded stays */
        post: operations["cancelExperiment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow or page through what happens
         * @description As a WebSocket (Upgrade), as Server-Sent Events (Accept: text/event-stream; Last-Event-ID goes on after that event) or as a JSON page. A stream opens with hello, sends everything after `after`, then live; head comes after 15 quiet seconds, end closes it; a revoked key, or the end of the session, ends it within 15 seconds; a client that takes nothing for 3 minutes is cut off. A cursor, as `after` or as Last-Event-ID (which wins), is a number that an event had: one beyond the last event is refused as `invalid_cursor`, which names the last one, for it is of another experiment, mistyped, or from before a restore. Metrics and progress that a client is too slow for are replaced by skipped {from, to}; every other event is always sent. Frames are EventFrame and StreamNotice.
         */
        get: operations["followEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/figures/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a figure of the report
         * @description As a Vega-Lite specification with its data inside, or drawn: Accept image/svg+xml or image/png. A picture that a trial made is given as it is; the report says in which types each can be had.
         */
        get: operations["getFigure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read curves
         * @description Every metric of every trial as [step, value] points, thinned to maxPoints so that minima and maxima stay. CSV with Accept: text/csv.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop at the next boundary, with a snapshot */
        post: operations["pauseExperiment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the report */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on from the snapshots */
        post: operations["resumeExperiment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/retrain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Train again without suspects, and with corrected labels
         * @description Makes an experiment that trains as the trial did, with the same labels, beside trainings without the suspects and with corrected labels for them, and others without and with corrected labels for as many random examples. Its report compares loss and accuracy (of values: error) on the test split, paired by seed.
         */
        post: operations["retrain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run failed trials again, from their snapshots */
        post: operations["retryExperiment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the kinds of experiments
         * @description Every kind with its paper, the JSON Schema of its spec, its metrics, what its models can be asked, what can follow its experiments, and its presets, smallest first.
         */
        get: operations["listKinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List models, newest first */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a model with its training view, and what it can be asked */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}/attack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask how little it takes to make the model read examples wrongly
         * @description Projected gradient descent (PGD) within a ball and the box of valid values; steps 1 with stepSize = radius is FGSM from a random start. The answer says how many examples withstand, and checks whether the attack is weak. With Accept: image/png a contact sheet: above the clean pictures, in the middle what was added (grey is nothing), below the attacked ones. Usually 202.
         */
        post: operations["attack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}/influence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask which training examples made the model read an example as it does
         * @description Proponents made the loss of the query smaller when they were trained on, opponents larger; shares say what each checkpoint adds. Needs an influence index: 409 index_missing says how to build it.
         */
        post: operations["influence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}/influence-indexes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a model’s influence indexes */
        get: operations["listInfluenceIndexes"];
        put?: never;
        /**
         * Build an influence index
         * @description Once per configuration; asked again it says how far it is, and goes on with one that lacks parts: whatever interrupted it, or added checkpoints.
         */
        post: operations["buildInfluenceIndex"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}/initialize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a trained initialiser where to start
         * @description Gives the starts of new instances: those of the caller, or drawn ones. The same seed and instances give the same starts.
         */
        post: operations["initialize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask what the model reads
         * @description Examples by split and index, or raw inputs in the data set’s stored units. What a prediction is depends on the head of the model; a class map is also a picture, with Accept: image/png and one query. Where its network is convolutional throughout, a raw picture has any size (at most 4096 pixels a side, 1,048,576 a picture and 4,194,304 a request) and is answered at that size: black stands at its right and lower edge as far as strides need it. Answered within 2 s, or 202 with the place of the answer.
         */
        post: operations["predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}/region-influence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask which training pictures made the model read a region of a picture as it does
         * @description By the gradient of the last layer, summed over the region’s pixels: proponents made the region’s mean loss smaller when they were trained on, opponents larger, each by what was learned of it (scribbles, masks, or a labelling that the training made). Only of models of head class-map that end with a convolution without activation, which may be followed by a change of size. Needs an influence index of layers last: 409 index_missing says how to build it.
         */
        post: operations["regionInfluence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}/self-influence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rank the training examples by their influence on themselves
         * @description At the top stand examples that the model had to memorise: mislabelled or unusual ones.
         */
        get: operations["getSelfInfluence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}/solve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Solve instances from where a trained initialiser starts
         * @description Runs the solver whose solutions were learned, or another one, on all instances at once. Each of them ends with a reason and the best decision that was seen on the way. Usually 202.
         */
        post: operations["solve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List nodes, their lanes, and what they run of yours */
        get: operations["listNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the answer to a question that took longer
         * @description JSON with the answer in it; a picture with the Accept that it was asked for with, once it is there.
         */
        get: operations["getQuery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/segment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Label the pixels of a picture of which some are given
         * @description The picture and the map of seeds as files of multipart/form-data, with the other fields as text (arrays and objects as JSON), or as base64 in JSON. JSON has energies and counts; as image/png the answer is the mask, or the overlay where it was asked for. The same request is answered with the same bytes. Nothing is stored.
         */
        post: operations["segment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a key for a cookie
         * @description Send the key as Authorization: Bearer. The cookie is HttpOnly and SameSite=Strict; browser sockets use it.
         */
        post: operations["openSession"];
        /** End the session of the cookie */
        delete: operations["closeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/team": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get your team, and who you are in it */
        get: operations["getTeam"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/team/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who did what, newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/team/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the team’s keys */
        get: operations["listKeys"];
        put?: never;
        /** Make a key (admin) */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/team/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key and end its sessions (admin)
         * @description A team’s last admin key is refused: nobody could make another.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/team/quotas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the team’s quotas (admin) */
        patch: operations["updateQuotas"];
        trace?: never;
    };
    "/v1/team/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count what the team has and uses */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a team (operator)
         * @description The answer has the team’s first admin key; its secret is shown this once.
         */
        post: operations["createTeam"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trials/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a trial with its attempts and transitions */
        get: operations["getTrial"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trials/{id}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a trial’s artifacts, newest first */
        get: operations["listArtifacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trials/{id}/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a trial’s checkpoints, newest first */
        get: operations["listCheckpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List uploads that are under way */
        get: operations["listUploads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how far an upload is
         * @description While POST /v1/datasets is under way; its header Upload-Id names it. What is answered, or broken off, is no more.
         */
        get: operations["getUpload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AddLayer: {
            /**
             * @description Applied after the layer; linear when left out
             * @enum {string}
             */
            activation?: "relu" | "tanh" | "sigmoid" | "sin" | "linear";
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description Sum of several inputs
             * @enum {string}
             */
            type: "add";
        };
        Architecture: {
            head?: components["schemas"]["Head"];
            /** @description [features], or [height, width, channels]. */
            inputShape: number[];
            /** @description Every layer takes the one before, or the earlier ones that it names */
            layers: components["schemas"]["Layer"][];
        };
        /** @description A picture or file of a trial at a step; GET /v1/artifacts/{id} has its bytes */
        Artifact: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            /** @enum {string} */
            mediaType: "image/png" | "image/svg+xml" | "text/csv" | "application/json" | "application/octet-stream";
            name: string;
            sha256: string;
            sizeBytes: number;
            step: number;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            trialId: string;
        };
        AttackRequest: {
            box?: {
                /** @description Greatest valid value of every input */
                high: number;
                /** @description Least valid value of every input */
                low: number;
            };
            /** @description Step of the checkpoint that is attacked; the last one when left out */
            checkpoint?: number;
            /**
             * @description Also run what shows whether the attack is weak: up to three times the work
             * @default true
             */
            checks?: boolean;
            /**
             * @description Whose reading is to be changed
             * @default {}
             */
            examples?: {
                /** @description The first so many of the split; not beside indices. Without either 100, or all of a smaller split (unit: examples) */
                count?: number;
                /** @description Which examples */
                indices?: number[];
                /**
                 * @description Split of the model’s data set
                 * @default test
                 * @enum {string}
                 */
                split?: "train" | "test";
            };
            /**
             * @description How a perturbation is measured: its largest number, its Euclidean length, or the sum of its magnitudes
             * @default linf
             * @enum {string}
             */
            norm?: "linf" | "l2" | "l1";
            /**
             * @description What is climbed: the loss, or by how much the best other class beats the label, whose gradient stays where a network is very sure
             * @default loss
             * @enum {string}
             */
            objective?: "loss" | "margin";
            /** @description How large a perturbation may be, in the units chosen */
            radius: number;
            /**
             * @description Random starts; the worst of all counts
             * @default 1
             */
            restarts?: number;
            /**
             * @description Of the random starts
             * @default 0
             */
            seed?: number;
            /**
             * @description Gradient steps of every restart
             * @default 40
             */
            steps?: number;
            /** @description Length of a step, in the units chosen; 2.5 radius / steps when left out, at most the radius */
            stepSize?: number;
            /**
             * @description Units of radius, stepSize and box. network: what the network sees, (x - offset) * scale, which is 0 .. 1 for pictures of bytes; stored: those of the data set, 0 .. 255 for pictures of bytes
             * @default network
             * @enum {string}
             */
            units?: "network" | "stored";
        };
        AttackResponse: {
            /** @description Valid values as the network sees them: given, or 0 .. 255 of bytes; null when anything is valid */
            box: {
                /** @description Greatest valid value; one for each column or channel where the model scales each by its own factor */
                high: number | number[];
                /** @description Least valid value; one for each column or channel where the model scales each by its own factor */
                low: number | number[];
            } | null;
            /** @description Step of the checkpoint that was attacked */
            checkpoint: number;
            /** @description Robust accuracy is only as good as the attack: one that fails says that the attack is too weak to mean anything */
            checks: {
                /** @description Accuracy in the run that is compared */
                accuracy: number;
                /** @description The numbers that were compared */
                evidence: string;
                /** @description more-steps, one-step, noise, wide-radius */
                name: string;
                passed: boolean;
                /** @description What holds of an attack that is not weak */
                rule: string;
            }[];
            /** @description Part of the examples that is read correctly */
            cleanAccuracy: number;
            /** @description In the order asked for */
            examples: {
                /** @description Position in the split */
                index: number;
                /** @description Its class in the data set */
                label: number;
                /** @description By how much the best other class then beats the label, in logits */
                margin: number;
                /** @description Its size in the norm, as the network sees it */
                perturbation: number;
                /** @description Class of the attacked one */
                predictedAfter: number;
                /** @description Class of the clean example */
                predictedBefore: number;
                /** @description It was read correctly, and is no more */
                succeeded: boolean;
            }[];
            /** @enum {string} */
            norm: "linf" | "l2" | "l1";
            /** @description How large a perturbation could be */
            radius: {
                /** @description As the network sees it; one for each column or channel where the model scales each by its own factor */
                network: number | number[];
                /** @description In the data set’s stored units; one for each column or channel where the model scales each by its own factor */
                stored: number | number[];
            };
            restarts: number;
            /** @description Part that still is, whatever the attack tried */
            robustAccuracy: number;
            steps: number;
            /** @description Length of a step */
            stepSize: {
                /** @description As the network sees it; one for each column or channel where the model scales each by its own factor */
                network: number | number[];
                /** @description In the data set’s stored units; one for each column or channel where the model scales each by its own factor */
                stored: number | number[];
            };
        };
        /** @description Who did what */
        AuditEntry: {
            /** @description resource and verb: key.create */
            action: string;
            actor: string;
            address: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            at: string;
            detail: {
                [key: string]: unknown;
            };
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            /** @description id of what it was done to */
            subject: string;
        };
        AveragePoolLayer: {
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description Height and width of the window (unit: pixels)
             * @default 2
             */
            size?: number;
            /**
             * @description Mean of every square
             * @enum {string}
             */
            type: "average-pool";
        };
        BatchNormLayer: {
            /**
             * @description Applied after the layer; linear when left out
             * @enum {string}
             */
            activation?: "relu" | "tanh" | "sigmoid" | "sin" | "linear";
            /**
             * @description Added to the variance
             * @default 0.00001
             */
            epsilon?: number;
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /**
             * @description Share of a batch in the statistics that are kept
             * @default 0.1
             */
            momentum?: number;
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description Normalizes every channel, in training by the statistics of the batch
             * @enum {string}
             */
            type: "batch-norm";
        };
        BinaryHead: {
            /**
             * @description Sigmoid cross-entropy, the mean over outputs
             * @enum {string}
             */
            type: "binary";
        };
        /** @description What the model says of an example */
        BinaryPrediction: {
            /**
             * @description Yes or no
             * @enum {string}
             */
            head: "binary";
            outputs: {
                /** @description Its name in the data set, or its number */
                name: string;
                /** @description Of 1 */
                probability: number;
                /** @description 1 where the probability is above one half */
                value: number;
            }[];
        };
        /** @description Gaussian classes around random centres */
        BlobsSpec: {
            /**
             * @description Number of classes
             * @default 3
             */
            classes?: number;
            /**
             * @description Numbers per example
             * @default 2
             */
            features?: number;
            /**
             * @description Seed of the data, apart from the seeds of the trials; same seed, same bytes
             * @default 1
             */
            seed?: number;
            /**
             * @description Standard deviation within a class; class centres lie at distance 1 from the origin
             * @default 0.3
             */
            spread?: number;
            /**
             * @description Test examples
             * @default 200
             */
            test?: number;
            /**
             * @description Training examples
             * @default 1000
             */
            train?: number;
            /**
             * @description Gaussian classes around random centres (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "blobs";
        };
        /** @description A well-known data set */
        CatalogItem: {
            /** @description Examples in each split */
            counts: {
                /** @description To test on */
                test: number;
                /** @description To train on */
                train: number;
            };
            /** @description Of these, what is there already or has come so far */
            downloadedBytes: number;
            /** @description By name: inputs, target where there is one, and further ones */
            fields: {
                [key: string]: components["schemas"]["Field"];
            };
            /** @description Page of those who made it */
            home: string;
            id: string;
            licence: string;
            /** @description To be downloaded; 0 for what ships with the service */
            sizeBytes: number;
            title: string;
        };
        /** @description Weights at a step; GET …/weights has the safetensors file */
        Checkpoint: {
            /** @description Whether it is in sums over checkpoints that name none */
            counted: boolean;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            /** @description The steps that it stands for; null where it stands for none, and for checkpoints of before this was stored */
            interval: {
                /** @description Completed steps at its begin */
                from: number;
                /** @description Completed steps at its end */
                to: number;
                /** @description Its weight with weights=interval: the sum over its steps of rate / examples, with momentum of the rate’s effect until the end */
                weight: number;
            } | null;
            /** @description in force when it was taken: its weight with weights=rate */
            learningRate: number;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            modelId: string;
            sha256: string;
            sizeBytes: number;
            step: number;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            trialId: string;
        };
        ClassesField: {
            /** @description Names of the classes, by their number from 0 */
            names: string[];
            /**
             * @description One class of several (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "classes";
        };
        ClassesHead: {
            /**
             * @description Softmax cross-entropy over classes
             * @enum {string}
             */
            type: "classes";
        };
        /** @description What the model says of an example */
        ClassesPrediction: {
            /**
             * @description One of several classes
             * @enum {string}
             */
            head: "classes";
            /** @description Class of the highest probability */
            label: number;
            /** @description Its name in the data set */
            labelName: string;
            /** @description One per class */
            probabilities: number[];
        };
        ClassMapField: {
            /** @description Names of the classes, by their number from 0 */
            names: string[];
            /** @description [height, width] */
            shape: number[];
            /**
             * @description A class for every pixel; 255 is unlabelled (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "classMap";
        };
        ClassMapHead: {
            /**
             * @description Softmax cross-entropy over the labelled pixels
             * @enum {string}
             */
            type: "class-map";
        };
        /** @description What the model says of an example */
        ClassMapPrediction: {
            /**
             * @description A class per pixel
             * @enum {string}
             */
            head: "class-map";
            /** @description Names of the classes in the data set, by their number */
            labelNames: string[];
            /** @description Row by row */
            labels: number[][];
        };
        /** @description A number of a table */
        Column: {
            name: string;
            /** @description Left out where it is not known; "1" for a pure number */
            unit?: string;
        };
        /** @description What a column of a table was taken for */
        ColumnReport: {
            /** @description Standard deviation */
            deviation?: number;
            /** @description Null where there are too many to count */
            distinct: number | null;
            /** @description Cells as they stand in the file */
            examples: string[];
            histogram?: components["schemas"]["Histogram"];
            /** @description Numbers that it became among the inputs */
            inputs: number;
            mean?: number;
            /** @description Cells without a value */
            missing: number;
            /** @description Null where the file has no names */
            name: string | null;
            /** @description In the file, from 0 */
            position: number;
            /** @description Least and greatest number or date */
            range?: (number | string)[];
            /**
             * @description Where its values went
             * @enum {string}
             */
            role: "input" | "target" | "none";
            /** @description Rows that were read, of both splits */
            rows: number;
            /** @description Whether the upload said so; found otherwise */
            told: boolean;
            /**
             * @description What it was taken for
             * @enum {string}
             */
            type: "number" | "category" | "date" | "text" | "id" | "ignore";
        };
        ConcatLayer: {
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description Channels of several inputs, one after the other
             * @enum {string}
             */
            type: "concat";
        };
        ConvLayer: {
            /**
             * @description Applied after the layer
             * @default relu
             * @enum {string}
             */
            activation?: "relu" | "tanh" | "sigmoid" | "sin" | "linear";
            /** @description Whether a trainable number per output channel is added; true when left out */
            bias?: boolean;
            /** @description Pixels between the kernel’s numbers, 1 when left out; more than 1 only at stride 1 */
            dilation?: number;
            /**
             * @description Output channels
             * @default 32
             */
            filters?: number;
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /**
             * @description Height and width of the kernel (unit: pixels)
             * @default 3
             */
            kernel?: number;
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description same keeps the size at stride 1 (zeros around the picture), valid stays inside the picture
             * @default same
             * @enum {string}
             */
            padding?: "same" | "valid";
            /**
             * @description Pixels between neighbouring positions (unit: pixels)
             * @default 1
             */
            stride?: number;
            /**
             * @description Two-dimensional convolution
             * @enum {string}
             */
            type: "conv";
        };
        ConvTransposeLayer: {
            /**
             * @description Applied after the layer
             * @default relu
             * @enum {string}
             */
            activation?: "relu" | "tanh" | "sigmoid" | "sin" | "linear";
            /** @description Whether a trainable number per output channel is added; true when left out */
            bias?: boolean;
            /**
             * @description Output channels
             * @default 32
             */
            filters?: number;
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /**
             * @description Height and width of the kernel (unit: pixels)
             * @default 4
             */
            kernel?: number;
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description How many times as large the picture becomes
             * @default 2
             */
            stride?: number;
            /**
             * @description Transposed convolution, which makes pictures larger
             * @enum {string}
             */
            type: "conv-transpose";
        };
        /**
         * @description Immutable examples with splits train and test, and what their files were taken for
         * @example {
         *       "id": "01936a3e-0000-7000-8000-000000000001",
         *       "name": "digits",
         *       "source": {
         *         "generator": {
         *           "type": "glyphs",
         *           "classes": 2,
         *           "train": 1000,
         *           "test": 200,
         *           "noise": 0.05,
         *           "seed": 1
         *         }
         *       },
         *       "fields": {
         *         "inputs": {
         *           "type": "image",
         *           "shape": [
         *             28,
         *             28,
         *             1
         *           ],
         *           "dtype": "uint8"
         *         },
         *         "target": {
         *           "type": "classes",
         *           "names": [
         *             "0",
         *             "1"
         *           ]
         *         }
         *       },
         *       "counts": {
         *         "train": 1000,
         *         "test": 200
         *       },
         *       "sizeBytes": 945904,
         *       "sha256": "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
         *       "createdAt": "2026-11-01T12:00:00.000Z",
         *       "report": {
         *         "columns": [],
         *         "classes": [
         *           {
         *             "name": "0",
         *             "train": 510,
         *             "test": 96
         *           },
         *           {
         *             "name": "1",
         *             "train": 490,
         *             "test": 104
         *           }
         *         ],
         *         "skipped": [],
         *         "warnings": []
         *       }
         *     }
         */
        Dataset: {
            /** @description Examples in each split */
            counts: {
                /** @description To test on */
                test: number;
                /** @description To train on */
                train: number;
            };
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /** @description By name: inputs, target where there is one, and further ones */
            fields: {
                [key: string]: components["schemas"]["Field"];
            };
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            /** @description What people call it */
            name: string;
            /** @description What its files were taken for; null for data sets of versions that kept none */
            report: components["schemas"]["DatasetReport"] | null;
            /** @description of the stored safetensors file: equal for equal examples */
            sha256: string;
            /** @description of the stored file */
            sizeBytes: number;
            /** @description Where it came from: {upload}, {generator}, {catalog}, or {derive, parents: [{id, name, sha256}]} with the data sets that it was made of */
            source: {
                [key: string]: unknown;
            };
        };
        /** @description What a data set would be (validate=true) */
        DatasetPreview: {
            /** @description Examples in each split */
            counts: {
                /** @description To test on */
                test: number;
                /** @description To train on */
                train: number;
            };
            /** @description The first ones to train on; none where they are too long to be read as numbers */
            examples: components["schemas"]["Example"][];
            /** @description By name: inputs, target where there is one, and further ones */
            fields: {
                [key: string]: components["schemas"]["Field"];
            };
            report: components["schemas"]["DatasetReport"];
            /** @description of the stored safetensors file: equal for equal examples */
            sha256: string;
            /** @description of the stored file */
            sizeBytes: number;
        };
        /** @description What the files were taken for */
        DatasetReport: {
            /** @description Of the target, where it has classes */
            classes: {
                name: string;
                /** @description Examples to test on */
                test: number;
                /** @description Examples to train on */
                train: number;
            }[];
            /** @description Of the table, in the order of the file; none where it was no table */
            columns: components["schemas"]["ColumnReport"][];
            /** @description What of the files was not taken */
            skipped: {
                /** @description How many */
                count: number;
                what: string;
            }[];
            warnings: components["schemas"]["Warning"][];
        };
        /**
         * @description Immutable examples with splits train and test
         * @example {
         *       "id": "01936a3e-0000-7000-8000-000000000001",
         *       "name": "digits",
         *       "source": {
         *         "generator": {
         *           "type": "glyphs",
         *           "classes": 2,
         *           "train": 1000,
         *           "test": 200,
         *           "noise": 0.05,
         *           "seed": 1
         *         }
         *       },
         *       "fields": {
         *         "inputs": {
         *           "type": "image",
         *           "shape": [
         *             28,
         *             28,
         *             1
         *           ],
         *           "dtype": "uint8"
         *         },
         *         "target": {
         *           "type": "classes",
         *           "names": [
         *             "0",
         *             "1"
         *           ]
         *         }
         *       },
         *       "counts": {
         *         "train": 1000,
         *         "test": 200
         *       },
         *       "sizeBytes": 945904,
         *       "sha256": "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
         *       "createdAt": "2026-11-01T12:00:00.000Z"
         *     }
         */
        DatasetSummary: {
            /** @description Examples in each split */
            counts: {
                /** @description To test on */
                test: number;
                /** @description To train on */
                train: number;
            };
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /** @description By name: inputs, target where there is one, and further ones */
            fields: {
                [key: string]: components["schemas"]["Field"];
            };
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            /** @description What people call it */
            name: string;
            /** @description of the stored safetensors file: equal for equal examples */
            sha256: string;
            /** @description of the stored file */
            sizeBytes: number;
            /** @description Where it came from: {upload}, {generator}, {catalog}, or {derive, parents: [{id, name, sha256}]} with the data sets that it was made of */
            source: {
                [key: string]: unknown;
            };
        };
        DenseLayer: {
            /**
             * @description Applied after the layer
             * @default relu
             * @enum {string}
             */
            activation?: "relu" | "tanh" | "sigmoid" | "sin" | "linear";
            /** @description Whether a trainable number per output channel is added; true when left out */
            bias?: boolean;
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description Fully connected layer
             * @enum {string}
             */
            type: "dense";
            /**
             * @description Outputs of the layer (unit: neurons)
             * @default 128
             */
            units?: number;
        };
        DepthwiseConvLayer: {
            /**
             * @description Applied after the layer
             * @default relu
             * @enum {string}
             */
            activation?: "relu" | "tanh" | "sigmoid" | "sin" | "linear";
            /** @description Whether a trainable number per output channel is added; true when left out */
            bias?: boolean;
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /**
             * @description Height and width of the kernel (unit: pixels)
             * @default 3
             */
            kernel?: number;
            /**
             * @description Output channels per input channel
             * @default 1
             */
            multiplier?: number;
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description same keeps the size at stride 1 (zeros around the picture), valid stays inside the picture
             * @default same
             * @enum {string}
             */
            padding?: "same" | "valid";
            /**
             * @description Pixels between neighbouring positions (unit: pixels)
             * @default 1
             */
            stride?: number;
            /**
             * @description Two-dimensional convolution of every channel by itself
             * @enum {string}
             */
            type: "depthwise-conv";
        };
        /** @description A data set made of others */
        DeriveSpec: components["schemas"]["MergeSpec"] | components["schemas"]["FilterSpec"] | components["schemas"]["RelabelSpec"] | components["schemas"]["RenameSpec"] | components["schemas"]["FoldSpec"] | components["schemas"]["SampleSpec"] | components["schemas"]["ScribblesSpec"];
        DropoutLayer: {
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description Part of the numbers that is set to 0
             * @default 0.5
             */
            rate?: number;
            /**
             * @description Sets numbers to 0 by chance, in training only
             * @enum {string}
             */
            type: "dropout";
        };
        /** @description Grey pictures of two regions for segmentation: inputs, and the class of every pixel as target */
        EdgesSpec: {
            /**
             * @description Between the two regions, 1 = black to white; the left one is dark
             * @default 0.5
             */
            contrast?: number;
            /**
             * @description Rows (unit: pixels)
             * @default 1
             */
            height?: number;
            /**
             * @description Standard deviation of the noise of each pixel, 1 = black to white
             * @default 0.12
             */
            noise?: number;
            /**
             * @description Where the edge is, as a share of the width; both regions have a column at least
             * @default 0.5
             */
            position?: number;
            /**
             * @description Seed of the data, apart from the seeds of the trials; same seed, same bytes
             * @default 1
             */
            seed?: number;
            /**
             * @description Test examples
             * @default 200
             */
            test?: number;
            /**
             * @description Training examples
             * @default 1000
             */
            train?: number;
            /**
             * @description Pictures of two regions, one left and one right of a straight edge (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "edges";
            /**
             * @description Columns (unit: pixels)
             * @default 64
             */
            width?: number;
        };
        EmbeddingLayer: {
            /** @description Standard deviation of fresh vectors; 1 when left out */
            deviation?: number;
            /**
             * @description Numbers per vector
             * @default 64
             */
            dimensions?: number;
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /** @description Token that fills up short sequences and does not count */
            padding?: number;
            /**
             * @description A trainable vector per token; their mean over the sequence
             * @enum {string}
             */
            type: "embedding";
            /**
             * @description Tokens are 0 .. vocabulary - 1
             * @default 10000
             */
            vocabulary?: number;
        };
        /**
         * @description One numbered line of what happened. data by type: state {state, from, reason?, failure?}; progress {done, of}; metrics {step, values, timings?}; checkpoint {model, step, learningRate, interval?, counted?, checkpointId, modelId}; model {name, modelId}; artifact {name, step, mediaType, artifactId}; influence {model, step, layers, indexId}; log {level, text}; report {verdict}; rewind {ordinal, fromSeq}: the trial goes on from a snapshot and does not repeat itself, and what its run told from number fromSeq to here counts no more
         * @example {
         *       "seq": 17,
         *       "at": "2026-11-01T12:00:00.000Z",
         *       "trialId": "01936a3e-0000-7000-8000-000000000002",
         *       "type": "metrics",
         *       "data": {
         *         "step": 120,
         *         "values": {
         *           "train.loss": 0.41
         *         }
         *       }
         *     }
         */
        EventFrame: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            at: string;
            data: {
                [key: string]: unknown;
            };
            /** @description number within the experiment: from 1, without gaps, in the order of commit */
            seq: number;
            trialId: string | null;
            /** @enum {string} */
            type: "state" | "progress" | "metrics" | "checkpoint" | "model" | "artifact" | "influence" | "log" | "report" | "rewind";
        };
        /** @description One example */
        Example: {
            /** @description By name: inputs, target where there is one, and further ones */
            fields: {
                [key: string]: components["schemas"]["ExampleField"];
            };
            index: number;
            /** @enum {string} */
            split: "train" | "test";
        };
        /** @description What the example has in one field */
        ExampleField: {
            shape: number[];
            /**
             * @description A picture
             * @enum {string}
             */
            type: "image";
            /** @description in stored units, row by row */
            values: number[];
        } | {
            /** @description One for each number */
            columns?: components["schemas"]["Column"][];
            /** @description The row of the table that the numbers stand for, by the names of its columns; null where a cell has no value */
            row?: {
                [key: string]: number | string | null;
            };
            shape: number[];
            /**
             * @description Numbers in a row
             * @enum {string}
             */
            type: "features";
            /** @description in stored units, row by row */
            values: number[];
        } | {
            shape: number[];
            /** @description Its words, where the data set was made of text; [?] is an unknown one */
            text?: string;
            /**
             * @description A sequence of tokens
             * @enum {string}
             */
            type: "tokens";
            /** @description in stored units, row by row */
            values: number[];
        } | {
            label: number;
            name: string;
            /**
             * @description One class of several
             * @enum {string}
             */
            type: "classes";
        } | {
            /** @description One for each number */
            columns: components["schemas"]["Column"][];
            /**
             * @description Numbers to be predicted
             * @enum {string}
             */
            type: "values";
            /** @description in stored units, row by row */
            values: number[];
        } | {
            shape: number[];
            /**
             * @description A class for every pixel; 255 is unlabelled
             * @enum {string}
             */
            type: "classMap";
            /** @description in stored units, row by row */
            values: number[];
        };
        /** @description Neighbouring examples */
        ExamplePage: {
            /** @description Examples of the split */
            count: number;
            items: components["schemas"]["Example"][];
        };
        /** @description A validated spec of one kind, its trials and how far they are */
        Experiment: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            createdBy: string;
            failure: {
                /** @enum {unknown} */
                code: "invalid_request" | "invalid_spec" | "unknown_kind" | "unknown_preset" | "invalid_cursor" | "unknown_operation" | "unknown_follow_up" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "conflict" | "not_finished" | "in_use" | "idempotency_conflict" | "index_missing" | "no_checkpoint" | "no_dataset" | "quota_exceeded" | "stale" | "too_large" | "file_missing" | "range_not_satisfiable" | "unsupported_media_type" | "invalid_dataset" | "data_missing" | "download_failed" | "unfit_dataset" | "unfit_artifact" | "invalid_picture" | "invalid_input" | "non_finite_output" | "internal" | "unavailable" | "non_finite" | "unmeasurable" | "not_deterministic" | "out_of_memory" | "worker_died" | "timed_out" | "hung" | "crew_broken" | "trial_error";
                message: string;
                /** @description step of the trial at which it happened */
                step?: number;
            } | null;
            finishedAt: string | null;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            kind: string;
            /** @description Another version may give other numbers for the same spec */
            kindVersion: string;
            maxSeconds: number | null;
            name: string;
            notes: string;
            parent: string | null;
            preset: string | null;
            /** @description Higher goes first among the team’s own; between teams the one that uses fewer slots does */
            priority: number;
            progress: {
                done: number;
                etaSeconds: number | null;
                /** @description in training steps, or what costs as much; an estimate until the trials have told */
                of: number;
            };
            /** @description With every default filled in, its data fixed to {datasetId} and its models to {modelId, step} */
            spec: {
                [key: string]: unknown;
            };
            startedAt: string | null;
            /** @enum {string} */
            state: "queued" | "running" | "paused" | "succeeded" | "failed" | "canceled";
            tags: string[];
            trials: {
                arm: string;
                /**
                 * Format: uuid
                 * @description UUIDv7: ids sort by the time of creation
                 */
                id: string;
                outcome: {
                    advice: string | null;
                    name: string;
                } | null;
                seed: number;
                state: string;
            }[];
            /** @description the ETag */
            version: number;
        };
        /** @description An experiment as lists show it; GET /v1/experiments/{id} has its spec and its trials */
        ExperimentSummary: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            finishedAt: string | null;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            kind: string;
            name: string;
            /** @description Higher goes first among the team’s own; between teams the one that uses fewer slots does */
            priority: number;
            progress: {
                done: number;
                etaSeconds: number | null;
                /** @description in training steps, or what costs as much; an estimate until the trials have told */
                of: number;
            };
            startedAt: string | null;
            /** @enum {string} */
            state: "queued" | "running" | "paused" | "succeeded" | "failed" | "canceled";
            tags: string[];
            /** @description number by state */
            trials: {
                [key: string]: number;
            };
        };
        FeaturesField: {
            /** @description One for each number, where they have names */
            columns?: components["schemas"]["Column"][];
            /**
             * @description How a number is stored
             * @enum {string}
             */
            dtype: "uint8" | "float32";
            /** @description [features] */
            shape: number[];
            /** @description The columns of the table that they were made of; left out where every one of columns is a number as it stood there */
            source?: components["schemas"]["SourceColumn"][];
            /**
             * @description Numbers in a row (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "features";
        };
        /** @description What one field of every example is */
        Field: components["schemas"]["ImageField"] | components["schemas"]["FeaturesField"] | components["schemas"]["TokensField"] | components["schemas"]["ClassesField"] | components["schemas"]["ValuesField"] | components["schemas"]["ClassMapField"];
        FilterSpec: {
            /** @description Classes that stay, by name; the others go, and their names */
            classes?: string[];
            /**
             * Format: uuid
             * @description A data set of the team
             */
            of: string;
            /** @description Positions in the split: either keep or drop */
            test?: {
                /** @description These examples go */
                drop?: number[];
                /** @description Only these examples stay, in their order */
                keep?: number[];
            };
            /** @description Positions in the split: either keep or drop */
            train?: {
                /** @description These examples go */
                drop?: number[];
                /** @description Only these examples stay, in their order */
                keep?: number[];
            };
            /**
             * @description Some of the examples: those that all that is said leaves (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "filter";
            /** @description Conditions on columns, of both splits */
            where?: {
                atLeast?: number | string;
                atMost?: number | string;
                /** @description Name of a column of the table, of one of its numbers, or of a value of the target */
                column: string;
                is?: number | string;
                /** @description Whether it has no value; without a value none of the other conditions holds */
                missing?: boolean;
                /** @description Its value is one of these */
                oneOf?: (number | string)[];
            }[];
        };
        FlattenLayer: {
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description All numbers of a picture in a row
             * @enum {string}
             */
            type: "flatten";
        };
        FoldSpec: {
            /** @description Which one, 0 .. folds - 1 */
            fold: number;
            /** @description How many */
            folds: number;
            /**
             * Format: uuid
             * @description A data set of the team
             */
            of: string;
            /**
             * @description Seed of the choice; same seed, same rows
             * @default 0
             */
            seed?: number;
            /**
             * @description Whether each class has its share; otherwise it is left to chance
             * @default false
             */
            stratify?: boolean;
            /**
             * @description One of k folds of the training split to test on, the others to train on; the test split of the data set is left out, for the end (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "fold";
        };
        /** @description Data made on the spot from a seed */
        GeneratorSpec: components["schemas"]["GlyphsSpec"] | components["schemas"]["BlobsSpec"] | components["schemas"]["NonlinearSpec"] | components["schemas"]["ScenesSpec"] | components["schemas"]["EdgesSpec"];
        GlobalAveragePoolLayer: {
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description Mean of every channel over the whole picture
             * @enum {string}
             */
            type: "global-average-pool";
        };
        /** @description Digits drawn with strokes: 28 x 28 grey pictures, no download needed */
        GlyphsSpec: {
            /**
             * @description Digits 0 .. classes - 1
             * @default 10
             */
            classes?: number;
            /**
             * @description Standard deviation of the pixel noise, 1 = full ink
             * @default 0.05
             */
            noise?: number;
            /**
             * @description Seed of the data, apart from the seeds of the trials; same seed, same bytes
             * @default 1
             */
            seed?: number;
            /**
             * @description Test examples
             * @default 200
             */
            test?: number;
            /**
             * @description Training examples
             * @default 1000
             */
            train?: number;
            /**
             * @description Digits drawn with strokes: 28 x 28 grey pictures (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "glyphs";
        };
        /** @description What the outputs mean and what they are trained on; classes when left out */
        Head: components["schemas"]["ClassesHead"] | components["schemas"]["BinaryHead"] | components["schemas"]["ValuesHead"] | components["schemas"]["ClassMapHead"];
        Health: {
            /** @enum {string} */
            status: "ok";
            version: string;
        };
        /** @description How the values are spread */
        Histogram: {
            counts: number[];
            /** @description Borders of the bins, one more than there are */
            edges: number[];
            /**
             * @description Numbers in bins of equal width
             * @enum {string}
             */
            type: "numbers";
        } | {
            counts: number[];
            /** @description Rows that have another word */
            others: number;
            /**
             * @description The most frequent words
             * @enum {string}
             */
            type: "words";
            words: string[];
        };
        ImageField: {
            /**
             * @description How a number is stored
             * @enum {string}
             */
            dtype: "uint8" | "float32";
            /** @description [height, width, channels] */
            shape: number[];
            /**
             * @description A picture (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "image";
        };
        /** @description Per-example gradient factors of a model’s training view: built once, queried many times */
        InfluenceIndex: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            failure: {
                /** @enum {unknown} */
                code: "invalid_request" | "invalid_spec" | "unknown_kind" | "unknown_preset" | "invalid_cursor" | "unknown_operation" | "unknown_follow_up" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "conflict" | "not_finished" | "in_use" | "idempotency_conflict" | "index_missing" | "no_checkpoint" | "no_dataset" | "quota_exceeded" | "stale" | "too_large" | "file_missing" | "range_not_satisfiable" | "unsupported_media_type" | "invalid_dataset" | "data_missing" | "download_failed" | "unfit_dataset" | "unfit_artifact" | "invalid_picture" | "invalid_input" | "non_finite_output" | "internal" | "unavailable" | "non_finite" | "unmeasurable" | "not_deterministic" | "out_of_memory" | "worker_died" | "timed_out" | "hung" | "crew_broken" | "trial_error";
                message: string;
                /** @description step of the trial at which it happened */
                step?: number;
            } | null;
            finishedAt: string | null;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            /**
             * @description last: the final layer, dense but for head class-map, as the paper does at scale; all: every parameter of the network
             * @enum {string}
             */
            layers: "last" | "all";
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            modelId: string;
            /** @description checkpoints */
            progress: {
                done: number;
                of: number;
            };
            sizeBytes: number;
            /** @enum {string} */
            state: "building" | "ready" | "failed";
        };
        InfluenceRequest: {
            /** @description Steps of the checkpoints to sum over; those of the model that count when left out */
            checkpoints?: number[];
            /**
             * @description last: the final layer, dense but for head class-map, as the paper does at scale; all: every parameter of the network
             * @default last
             * @enum {string}
             */
            layers?: "last" | "all";
            /**
             * @description tracin-cp: gradient dot products summed over checkpoints with weights that follow from the steps of gradient descent; tracin-cp-adam: the same for steps of Adam, with gradients in the measure of the checkpoint’s second moments; gradient-product: the same without weights, for models that were moved by something else. What follows from how the model was trained, when left out
             * @enum {string}
             */
            method?: "tracin-cp" | "tracin-cp-adam" | "gradient-product";
            /** @description Examples whose reading is to be explained */
            queries: components["schemas"]["ModelQuery"][];
            /**
             * @description Whether scored examples say what they are: the row of a table, or text; pictures are had from the examples of the data set
             * @default false
             */
            show?: boolean;
            /**
             * @description Proponents and opponents per query; all training examples when there are fewer
             * @default 10
             */
            topK?: number;
            /**
             * @description What every checkpoint counts. interval: the sum over the steps of its interval of learning rate / examples, so that scores estimate a change of the loss; rate: the learning rate in force, as the paper writes it, which counts unequal intervals alike. interval when left out, rate where checkpoints stand for no intervals; gradient-product has none
             * @enum {string}
             */
            weights?: "interval" | "rate";
        };
        InfluenceResponse: {
            /** @description What the answer was computed from */
            index: {
                checkpoints: {
                    /** @description In force when it was taken */
                    learningRate: number;
                    step: number;
                    /** @description What it counts in the sum */
                    weight: number;
                }[];
                /** @description Whose gradients were compared; a model with a layer that cannot be is refused for layers=all */
                coverage: {
                    /** @description Position among the layers of the architecture */
                    layer: number;
                    /** @description Its trained arrays, all of them */
                    parameters: string[];
                    /** @description Of the layer */
                    type: string;
                }[];
                /** @description Whether the sum is the method’s own, with gradients neither projected nor otherwise approximated; false for gradient-product, which stands for no method */
                exact: boolean;
                /** @description Training examples that were compared */
                examples: number;
                /**
                 * @description last: the final layer, dense but for head class-map, as the paper does at scale; all: every parameter of the network
                 * @enum {string}
                 */
                layers: "last" | "all";
                /** @description What the formula does not cover, in plain words */
                notes: string[];
                /** @description Of scores and shares */
                unit: string;
                /**
                 * @description What the checkpoints count
                 * @enum {string}
                 */
                weights: "interval" | "rate" | "none";
            };
            /**
             * @description tracin-cp: gradient dot products summed over checkpoints with weights that follow from the steps of gradient descent; tracin-cp-adam: the same for steps of Adam, with gradients in the measure of the checkpoint’s second moments; gradient-product: the same without weights, for models that were moved by something else
             * @enum {string}
             */
            method: "tracin-cp" | "tracin-cp-adam" | "gradient-product";
            results: {
                /** @description Of head classes: the class that the loss was taken for */
                label?: number;
                /**
                 * @description Where that class, or target, came from. training: what the model was trained to say of an example of its training, be it wrong; dataset: an example that it was not trained on
                 * @enum {string}
                 */
                labelFrom: "request" | "training" | "dataset" | "prediction";
                /** @description Lowest scores first: training on them made it larger */
                opponents: components["schemas"]["ScoredExample"][];
                /** @description By the head of the model */
                prediction: components["schemas"]["ClassesPrediction"] | components["schemas"]["BinaryPrediction"] | components["schemas"]["ValuesPrediction"] | components["schemas"]["ClassMapPrediction"];
                /** @description Highest scores first: training on them made the query’s loss smaller */
                proponents: components["schemas"]["ScoredExample"][];
                /** @description The example asked about */
                query: {
                    index: number;
                    /** @enum {string} */
                    split: "train" | "test";
                } | {
                    /** @enum {string} */
                    input: "raw";
                };
                /** @description Of heads binary and values: the numbers that the loss was taken for */
                target?: number[];
            }[];
        };
        /** @description Either {instances} or {count} */
        InitializeRequest: {
            /** @description So many drawn instances instead: the first test instances of a trial with this seed */
            count?: number;
            /** @description Instances, a row of numbers each. sum-rate: the gains g_ij = |h_ij|² >= 0 from sender j to receiver i, K x K, receiver by receiver; two-basins: one number, whose sign tells the better side; convex: the minimum; unrelated: what is seen, then what is hidden */
            instances?: number[][];
            /**
             * @description Of everything that is drawn: instances, candidates, directions of a zeroth-order solver
             * @default 0
             */
            seed?: number;
        };
        InitializeResponse: {
            /** @description The instances, where they were drawn */
            instances?: number[][];
            objective: {
                name: string;
                /** @enum {string} */
                sense: "minimize" | "maximize";
                unit: string;
            };
            /** @description By instance */
            starts: {
                /** @description What it stands for, such as powers of users */
                decision: number[];
                /** @description Of val-init: what the network says of each candidate, of which the lowest is taken; they compare within an instance alone */
                predicted?: number[];
                /** @description theta, which a solver moves */
                state: number[];
            }[];
        };
        /** @description A credential, without its secret */
        Key: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            lastUsedAt: string | null;
            name: string;
            revokedAt: string | null;
            /**
             * @description viewer reads, member runs, admin manages keys and quotas
             * @enum {string}
             */
            role: "viewer" | "member" | "admin";
        };
        /** @description A kind of experiment */
        Kind: {
            /** @description Experiments that can be made of one that ended: POST /v1/experiments/{id}/{name} */
            followUps: {
                name: string;
                /** @description JSON Schema of what is asked */
                request: {
                    [key: string]: unknown;
                };
                title: string;
            }[];
            id: string;
            metrics: {
                [key: string]: {
                    /** @enum {string} */
                    better: "lower" | "higher" | "neither";
                    description: string;
                    /** @description what a vector is over; its values are recorded as name/key */
                    per?: string;
                    /** @enum {boolean} */
                    timing?: true;
                    unit: string;
                };
            };
            /** @description What may be asked of its models at /v1/models/{id}/{name} */
            operations: {
                /** @description Usually answered by 202 with a query */
                isLong: boolean;
                /** @description What the answer can be given as */
                mediaTypes: string[];
                /** @enum {string} */
                method: "GET" | "POST";
                name: string;
                /** @description JSON Schema of the question */
                request: {
                    [key: string]: unknown;
                };
                title: string;
            }[];
            /** @description Ways to end that are findings; the outcome of a trial that succeeded is one of them */
            outcomes: {
                [key: string]: {
                    /** @description What one can do about it */
                    advice: string;
                    /**
                     * @description Metrics may become NaN or infinite on the way to it
                     * @enum {boolean}
                     */
                    nonFinite?: true;
                };
            };
            paper: {
                arxiv: string;
                authors: string;
                equations: string;
                title: string;
                year: number;
            };
            presets: {
                inputs: {
                    /** @description what each field of a data set may be; none: it may be missing; a field that is not named may be anything */
                    accepts?: {
                        [key: string]: string[];
                    };
                    /** @description what an artifact must be */
                    expects?: {
                        mediaType: string;
                        name: string;
                    };
                    /** @enum {string} */
                    kind: "data" | "model" | "artifact";
                    name: string;
                    /** @description where the spec has the reference, such as spec.data */
                    path: string;
                }[];
                name: string;
                needs: string | null;
                predicts: string;
                spec: {
                    [key: string]: unknown;
                };
                title: string;
            }[];
            /** @description JSON Schema of the spec */
            spec: {
                [key: string]: unknown;
            };
            title: string;
            version: string;
        };
        Layer: components["schemas"]["DenseLayer"] | components["schemas"]["ConvLayer"] | components["schemas"]["DepthwiseConvLayer"] | components["schemas"]["MaxPoolLayer"] | components["schemas"]["AveragePoolLayer"] | components["schemas"]["GlobalAveragePoolLayer"] | components["schemas"]["FlattenLayer"] | components["schemas"]["BatchNormLayer"] | components["schemas"]["DropoutLayer"] | components["schemas"]["AddLayer"] | components["schemas"]["ConcatLayer"] | components["schemas"]["ConvTransposeLayer"] | components["schemas"]["ResizeBilinearLayer"] | components["schemas"]["EmbeddingLayer"];
        MaxPoolLayer: {
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description Height and width of the window (unit: pixels)
             * @default 2
             */
            size?: number;
            /**
             * @description Largest value of every square
             * @enum {string}
             */
            type: "max-pool";
        };
        MergeSpec: {
            /** @description Data sets of the team, in the order of their examples */
            of: string[];
            /**
             * @description The examples of several data sets of equal fields, one after the other; classes are matched by name (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "merge";
        };
        /** @description A trained network with what it was trained on */
        Model: {
            architecture: components["schemas"]["Architecture"];
            checkpoints: {
                /** @description Whether it is in sums over checkpoints that name none */
                counted: boolean;
                /**
                 * Format: uuid
                 * @description UUIDv7: ids sort by the time of creation
                 */
                id: string;
                /** @description The steps that it stands for; null where it stands for none, and for checkpoints of before this was stored */
                interval: {
                    /** @description Completed steps at its begin */
                    from: number;
                    /** @description Completed steps at its end */
                    to: number;
                    /** @description Its weight with weights=interval: the sum over its steps of rate / examples, with momentum of the rate’s effect until the end */
                    weight: number;
                } | null;
                /** @description in force when it was taken: its weight with weights=rate */
                learningRate: number;
                step: number;
            }[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            datasetId: string | null;
            /** @description How its weights were moved; null for models of before this was stored */
            descent: ({
                /** @description What else moved the weights or changed the gradients, in words (weight decay 0.001, pictures shifted at random): answers say that they do not cover it */
                beside?: string[];
                /** @description Part of the velocity that is kept; 0: plain gradient steps */
                momentum: number;
                /**
                 * @description v <- momentum v + g; w <- w - rate v, g the gradient of the mean loss of a batch, or of all examples
                 * @enum {string}
                 */
                type: "sgd";
            } | {
                /** @description What else moved the weights or changed the gradients, in words (weight decay 0.001, pictures shifted at random): answers say that they do not cover it */
                beside?: string[];
                /** @description Decay of the mean gradient */
                beta1: number;
                /** @description Decay of the mean squared gradient */
                beta2: number;
                /** @description Added to the root of the mean squared gradient */
                epsilon: number;
                /**
                 * @description Steps along the mean gradient over the root of the mean squared gradient
                 * @enum {string}
                 */
                type: "adam";
            } | {
                /** @description Of the method, where the kind tells */
                name?: string;
                /**
                 * @description No sum of steps along gradients of examples: no weights follow from it
                 * @enum {string}
                 */
                type: "other";
            }) | null;
            details: {
                [key: string]: unknown;
            } | null;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            experimentId: string;
            /** @description What it reads and predicts: inputs in stored units, and target where that has names */
            fields: {
                [key: string]: components["schemas"]["Field"];
            };
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            /** @description of the experiment that trained it */
            kind: string;
            name: string;
            /** @description What it can be asked: POST /v1/models/{id}/{operation}; its kind in /v1/kinds describes them */
            operations: string[];
            /** @description A network sees (x - offset) * scale of the stored units */
            preprocessing: {
                /** @description One for all numbers, or one for each of the last axis: columns, channels */
                offset: number | number[];
                /** @description One for all numbers, or one for each of the last axis: columns, channels */
                scale: number | number[];
                /** @description It was trained on (target - offset) * scale, one of each for every value; answers are in the target’s units. Left out where targets are as stored */
                target?: {
                    offset: number[];
                    scale: number[];
                };
            };
            /** @description Null when it was not trained on a stored data set */
            trainingView: {
                count: number;
                /**
                 * Format: uuid
                 * @description UUIDv7: ids sort by the time of creation
                 */
                datasetId: string;
                dropped: number[];
                /** @description Weight of the loss with the labelling that its training made: targets/labelling in the file of each checkpoint that has one, by index in the split */
                labelling?: {
                    weight: number;
                };
                /** @description What it learned in the place of the data set’s target: another field, or scribbles drawn of the class maps; left out where it learned the target */
                learned?: {
                    /** @description Its name in the data set */
                    field: string;
                    /** @enum {string} */
                    type: "field";
                } | {
                    /**
                     * @description Of a stroke, as a share of the way through the middle of its region from end to end; 0 is a click where the region is deepest
                     * @default 1
                     */
                    length?: number;
                    /**
                     * @description all: a stroke in each connected region; one: in one region of each class, drawn at random, so that other parts of a class stay unlabelled
                     * @default all
                     * @enum {string}
                     */
                    regions?: "all" | "one";
                    seed: number;
                    /** @enum {string} */
                    type: "scribbles";
                    /**
                     * @description Of the brush, in pixels; no stroke leaves its region
                     * @default 1
                     */
                    width?: number;
                };
                relabelled: {
                    indices: number[];
                    /** @description By rows: a class each, or as many values as the target has */
                    labels: number[];
                };
                /** @enum {string} */
                split: "train";
            } | null;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            trialId: string;
        };
        /** @description Either {split, index}, {input} or {png} */
        ModelQuery: {
            /** @description Position in the split */
            index?: number;
            /** @description A raw input */
            input?: unknown[] | {
                [key: string]: unknown;
            } | string;
            /** @description Of head classes: the class that the loss is taken for; when left out the one that the model was trained with, for a test example the data set’s, for a raw input the predicted class */
            label?: number;
            /** @description A raw input as PNG, for a model whose inputs are pictures of bytes with one or three channels: read as those of a data set are (16 bits as 8, laid over black where it is transparent, not turned), grey ones with three equal channels where the model wants three. For predict of a model of head class-map a picture of any size */
            png?: string;
            /**
             * @description Split of the model’s data set
             * @enum {string}
             */
            split?: "train" | "test";
            /** @description Of other heads: what the loss is taken for, in the data set’s units: a value or several, 0 or 1, a class per pixel nested or flat (255 has no label); when left out the one that the model was trained with, for a test example the data set’s, for a raw input the prediction, which head values does not take */
            target?: number | unknown[];
        };
        /** @description A trained network */
        ModelSummary: {
            architecture: components["schemas"]["Architecture"];
            checkpoints: {
                /** @description Whether it is in sums over checkpoints that name none */
                counted: boolean;
                /**
                 * Format: uuid
                 * @description UUIDv7: ids sort by the time of creation
                 */
                id: string;
                /** @description The steps that it stands for; null where it stands for none, and for checkpoints of before this was stored */
                interval: {
                    /** @description Completed steps at its begin */
                    from: number;
                    /** @description Completed steps at its end */
                    to: number;
                    /** @description Its weight with weights=interval: the sum over its steps of rate / examples, with momentum of the rate’s effect until the end */
                    weight: number;
                } | null;
                /** @description in force when it was taken: its weight with weights=rate */
                learningRate: number;
                step: number;
            }[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            datasetId: string | null;
            /** @description How its weights were moved; null for models of before this was stored */
            descent: ({
                /** @description What else moved the weights or changed the gradients, in words (weight decay 0.001, pictures shifted at random): answers say that they do not cover it */
                beside?: string[];
                /** @description Part of the velocity that is kept; 0: plain gradient steps */
                momentum: number;
                /**
                 * @description v <- momentum v + g; w <- w - rate v, g the gradient of the mean loss of a batch, or of all examples
                 * @enum {string}
                 */
                type: "sgd";
            } | {
                /** @description What else moved the weights or changed the gradients, in words (weight decay 0.001, pictures shifted at random): answers say that they do not cover it */
                beside?: string[];
                /** @description Decay of the mean gradient */
                beta1: number;
                /** @description Decay of the mean squared gradient */
                beta2: number;
                /** @description Added to the root of the mean squared gradient */
                epsilon: number;
                /**
                 * @description Steps along the mean gradient over the root of the mean squared gradient
                 * @enum {string}
                 */
                type: "adam";
            } | {
                /** @description Of the method, where the kind tells */
                name?: string;
                /**
                 * @description No sum of steps along gradients of examples: no weights follow from it
                 * @enum {string}
                 */
                type: "other";
            }) | null;
            details: {
                [key: string]: unknown;
            } | null;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            experimentId: string;
            /** @description What it reads and predicts: inputs in stored units, and target where that has names */
            fields: {
                [key: string]: components["schemas"]["Field"];
            };
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            /** @description of the experiment that trained it */
            kind: string;
            name: string;
            /** @description A network sees (x - offset) * scale of the stored units */
            preprocessing: {
                /** @description One for all numbers, or one for each of the last axis: columns, channels */
                offset: number | number[];
                /** @description One for all numbers, or one for each of the last axis: columns, channels */
                scale: number | number[];
                /** @description It was trained on (target - offset) * scale, one of each for every value; answers are in the target’s units. Left out where targets are as stored */
                target?: {
                    offset: number[];
                    scale: number[];
                };
            };
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            trialId: string;
        };
        /**
         * @example {
         *       "name": "digits",
         *       "source": {
         *         "generator": {
         *           "type": "glyphs",
         *           "train": 1000,
         *           "test": 200
         *         }
         *       }
         *     }
         */
        NewDataset: {
            /** @description What people call it */
            name: string;
            /** @description What makes it: either {generator}, {catalog} or {derive} */
            source: {
                /**
                 * @description A well-known data set: GET /v1/catalog lists them
                 * @enum {string}
                 */
                catalog?: "mnist" | "fashion-mnist" | "cifar-10" | "iris";
                derive?: components["schemas"]["DeriveSpec"];
                generator?: components["schemas"]["GeneratorSpec"];
            };
        };
        /**
         * @example {
         *       "kind": "tracin",
         *       "preset": "quick"
         *     }
         */
        NewExperiment: {
            /** @description id of GET /v1/kinds */
            kind: string;
            /** @description Seconds of work after which a trial is ended, snapshot kept */
            maxSeconds?: number;
            name?: string;
            notes?: string;
            /** @description JSON Merge Patch (RFC 7396) on the preset’s spec */
            overrides?: {
                [key: string]: unknown;
            };
            /** @description Instead of spec: the name of one of the kind’s presets */
            preset?: string;
            /** @description Higher goes first among the team’s own; between teams the one that uses fewer slots does */
            priority?: number;
            /** @description By the schema of the kind */
            spec?: {
                [key: string]: unknown;
            };
            tags?: string[];
        };
        /** @description A machine that works */
        Node: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            heartbeatAt: string;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            lanes: {
                /** @description tensorflow or wasm; starting until its executor knows, none when the lane failed */
                backend: string;
                /** @description cpu or gpu:N */
                device: string;
                /** @description its processes that are ready, one for each number of threads in use */
                executors: {
                    /** @description of the tensor engine, for each of its trials */
                    threads: number;
                }[];
                failure: string | null;
                hardware: {
                    computeCapability: string | null;
                    driver: string | null;
                    memoryBytes: number | null;
                    name: string;
                } | null;
                /**
                 * Format: uuid
                 * @description UUIDv7: ids sort by the time of creation
                 */
                id: string;
                slots: number;
                /** @description of the caller’s team */
                trials: {
                    arm: string;
                    /**
                     * Format: uuid
                     * @description UUIDv7: ids sort by the time of creation
                     */
                    experimentId: string;
                    /**
                     * Format: uuid
                     * @description UUIDv7: ids sort by the time of creation
                     */
                    id: string;
                    seed: number;
                    state: string;
                }[];
                /** @description of the caller’s team */
                warmModels: string[];
            }[];
            name: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            startedAt: string;
            /** @enum {string} */
            state: "alive" | "silent" | "stopped";
            version: string;
        };
        /** @description The way a vehicle takes to stop, in m: speed · reaction + speed² / (2 · friction · 9.81) and noise; speed 5 .. 40 m/s, reaction 0.5 .. 2 s, friction 0.2 .. 1 */
        NonlinearSpec: {
            /**
             * @description Standard deviation of the noise on the distance (unit: m)
             * @default 2
             */
            noise?: number;
            /**
             * @description Seed of the data, apart from the seeds of the trials; same seed, same bytes
             * @default 1
             */
            seed?: number;
            /**
             * @description Test examples
             * @default 200
             */
            test?: number;
            /**
             * @description Training examples
             * @default 1000
             */
            train?: number;
            /**
             * @description The way a vehicle takes to stop (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "nonlinear";
        };
        /** @description What the model says of an example */
        PredictedBinary: {
            /**
             * @description Yes or no
             * @enum {string}
             */
            head: "binary";
            outputs: {
                /** @description Its name in the data set, or its number */
                name: string;
                /** @description Of 1 */
                probability: number;
                /** @description 1 where the probability is above one half */
                value: number;
            }[];
            /** @description The example asked about */
            query: {
                index: number;
                /** @enum {string} */
                split: "train" | "test";
            } | {
                /** @enum {string} */
                input: "raw";
            };
        };
        /** @description What the model says of an example */
        PredictedClass: {
            /**
             * @description One of several classes
             * @enum {string}
             */
            head: "classes";
            /** @description Class of the highest probability */
            label: number;
            /** @description Its name in the data set */
            labelName: string;
            /** @description One per class */
            probabilities: number[];
            /** @description The example asked about */
            query: {
                index: number;
                /** @enum {string} */
                split: "train" | "test";
            } | {
                /** @enum {string} */
                input: "raw";
            };
        };
        /** @description What the model says of an example */
        PredictedClassMap: {
            /**
             * @description A class per pixel
             * @enum {string}
             */
            head: "class-map";
            /** @description Names of the classes in the data set, by their number */
            labelNames: string[];
            /** @description Row by row */
            labels: number[][];
            /** @description The example asked about */
            query: {
                index: number;
                /** @enum {string} */
                split: "train" | "test";
            } | {
                /** @enum {string} */
                input: "raw";
            };
        };
        /** @description What the model says of an example */
        PredictedValues: {
            /**
             * @description Numbers
             * @enum {string}
             */
            head: "values";
            /** @description The example asked about */
            query: {
                index: number;
                /** @enum {string} */
                split: "train" | "test";
            } | {
                /** @enum {string} */
                input: "raw";
            };
            values: {
                /** @description Its name in the data set, or its number */
                name: string;
                /** @description Left out where it is not known */
                unit?: string;
                /** @description In this unit */
                value: number;
            }[];
        };
        PredictRequest: {
            /** @description Step of the checkpoint that answers; the last one when left out */
            checkpoint?: number;
            /** @description Examples to read */
            queries: components["schemas"]["ModelQuery"][];
        };
        PredictResponse: {
            /** @description Step of the checkpoint that answered */
            checkpoint: number;
            results: (components["schemas"]["PredictedClass"] | components["schemas"]["PredictedBinary"] | components["schemas"]["PredictedValues"] | components["schemas"]["PredictedClassMap"])[];
        };
        /**
         * @description RFC 9457 problem details
         * @example {
         *       "type": "urn:descent-lab:problem:invalid_spec",
         *       "title": "The spec does not match the schema of its kind",
         *       "status": 400,
         *       "code": "invalid_spec",
         *       "detail": "spec.learningRate must be > 0, got -0.1",
         *       "advice": "See errors; GET /v1/kinds has the schema.",
         *       "requestId": "req-1",
         *       "errors": [
         *         {
         *           "path": "spec.learningRate",
         *           "rule": "must be > 0",
         *           "got": -0.1
         *         }
         *       ]
         *     }
         */
        Problem: {
            /** @description what the caller can do about it */
            advice: string;
            /**
             * @description stable; match on this
             * @enum {unknown}
             */
            code: "invalid_request" | "invalid_spec" | "unknown_kind" | "unknown_preset" | "invalid_cursor" | "unknown_operation" | "unknown_follow_up" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "conflict" | "not_finished" | "in_use" | "idempotency_conflict" | "index_missing" | "no_checkpoint" | "no_dataset" | "quota_exceeded" | "stale" | "too_large" | "file_missing" | "range_not_satisfiable" | "unsupported_media_type" | "invalid_dataset" | "data_missing" | "download_failed" | "unfit_dataset" | "unfit_artifact" | "invalid_picture" | "invalid_input" | "non_finite_output" | "internal" | "unavailable" | "non_finite" | "unmeasurable" | "not_deterministic" | "out_of_memory" | "worker_died" | "timed_out" | "hung" | "crew_broken" | "trial_error";
            /** @description what, where, rule, got */
            detail: string;
            /** @description the broken rules, one by one */
            errors?: {
                got: unknown;
                path: string;
                rule: string;
            }[];
            /** @description the request that would put it right */
            remedy?: {
                body?: unknown;
                method: string;
                path: string;
            };
            /** @description to quote when asking the operator */
            requestId: string;
            /** @description the HTTP status */
            status: number;
            /** @description what the code means */
            title: string;
            /** @description urn:descent-lab:problem: and the code */
            type: string;
            /** @description what still refers to the thing */
            users?: {
                id: string;
                name: string;
                type: string;
            }[];
        };
        /** @description A question to a model and, in time, its answer */
        Query: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            failure: {
                /** @enum {unknown} */
                code: "invalid_request" | "invalid_spec" | "unknown_kind" | "unknown_preset" | "invalid_cursor" | "unknown_operation" | "unknown_follow_up" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "conflict" | "not_finished" | "in_use" | "idempotency_conflict" | "index_missing" | "no_checkpoint" | "no_dataset" | "quota_exceeded" | "stale" | "too_large" | "file_missing" | "range_not_satisfiable" | "unsupported_media_type" | "invalid_dataset" | "data_missing" | "download_failed" | "unfit_dataset" | "unfit_artifact" | "invalid_picture" | "invalid_input" | "non_finite_output" | "internal" | "unavailable" | "non_finite" | "unmeasurable" | "not_deterministic" | "out_of_memory" | "worker_died" | "timed_out" | "hung" | "crew_broken" | "trial_error";
                message: string;
                /** @description step of the trial at which it happened */
                step?: number;
            } | null;
            finishedAt: string | null;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            /** @description What the answer is. A picture is had from here too, by Accept */
            mediaType: string;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            modelId: string;
            operation: string;
            request: {
                [key: string]: unknown;
            };
            /** @description What the operation answers; null until then, and for a picture */
            response: unknown;
            /** @enum {string} */
            state: "queued" | "running" | "succeeded" | "failed";
        };
        /** @description The answer will be at /v1/queries/{queryId} */
        QueryAccepted: {
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            queryId: string;
            /** @enum {string} */
            state: "queued" | "running";
        };
        /**
         * @description Regions of pictures that a model of head class-map reads
         * @example {
         *       "queries": [
         *         {
         *           "split": "test",
         *           "index": 0,
         *           "region": {
         *             "type": "box",
         *             "left": 4,
         *             "top": 4,
         *             "width": 8,
         *             "height": 8
         *           }
         *         }
         *       ],
         *       "regions": "classes"
         *     }
         */
        RegionInfluenceRequest: {
            /** @description Steps of the checkpoints to sum over; those of the model that count when left out */
            checkpoints?: number[];
            /**
             * @description tracin-cp: gradient dot products summed over checkpoints with weights that follow from the steps of gradient descent; tracin-cp-adam: the same for steps of Adam, with gradients in the measure of the checkpoint’s second moments; gradient-product: the same without weights, for models that were moved by something else. What follows from how the model was trained, when left out
             * @enum {string}
             */
            method?: "tracin-cp" | "tracin-cp-adam" | "gradient-product";
            /** @description Regions whose reading is to be explained */
            queries: {
                /** @description Position in the split */
                index?: number;
                /** @description A raw input */
                input?: unknown[] | {
                    [key: string]: unknown;
                } | string;
                /** @description A raw input as PNG, for a model whose inputs are pictures of bytes with one or three channels: read as those of a data set are (16 bits as 8, laid over black where it is transparent, not turned), grey ones with three equal channels where the model wants three. For predict of a model of head class-map a picture of any size */
                png?: string;
                /**
                 * @description Which pixels are asked about
                 * @default {
                 *       "type": "picture"
                 *     }
                 */
                region?: {
                    /**
                     * @description All of it
                     * @enum {string}
                     */
                    type: "picture";
                } | {
                    /** @description Rows (unit: pixels) */
                    height: number;
                    /** @description Of its first column (unit: pixels) */
                    left: number;
                    /** @description Of its first row (unit: pixels) */
                    top: number;
                    /**
                     * @description A rectangle
                     * @enum {string}
                     */
                    type: "box";
                    /** @description Columns (unit: pixels) */
                    width: number;
                } | {
                    /** @description The class */
                    label: number;
                    /**
                     * @description target: in what the loss is taken for; prediction: in what the model reads at its last checkpoint
                     * @default target
                     * @enum {string}
                     */
                    of?: "target" | "prediction";
                    /**
                     * @description All pixels of one class
                     * @enum {string}
                     */
                    type: "class";
                } | {
                    /** @description A PNG of the picture’s size, grey or of a palette; its numbers other than 0 are the region */
                    png: string;
                    /**
                     * @description What a picture marks
                     * @enum {string}
                     */
                    type: "mask";
                };
                /**
                 * @description Split of the model’s data set
                 * @enum {string}
                 */
                split?: "train" | "test";
                /** @description Of other heads: what the loss is taken for, in the data set’s units: a value or several, 0 or 1, a class per pixel nested or flat (255 has no label); when left out the one that the model was trained with, for a test example the data set’s, for a raw input the prediction, which head values does not take */
                target?: number | unknown[];
            }[];
            /**
             * @description Which parts of the scored training pictures are told apart, in what was learned of them: their classes, or its connected regions (by sides and corners). Scores of all parts add up to the picture’s; takes a forward pass of each picture and checkpoint more, whose findings are kept for the next question
             * @default none
             * @enum {string}
             */
            regions?: "none" | "classes" | "components";
            /**
             * @description Proponents and opponents per query; all training examples when there are fewer
             * @default 10
             */
            topK?: number;
            /**
             * @description What every checkpoint counts. interval: the sum over the steps of its interval of learning rate / examples, so that scores estimate a change of the loss; rate: the learning rate in force, as the paper writes it, which counts unequal intervals alike. interval when left out, rate where checkpoints stand for no intervals; gradient-product has none
             * @enum {string}
             */
            weights?: "interval" | "rate";
        };
        RegionInfluenceResponse: {
            /** @description What the answer was computed from */
            index: {
                checkpoints: {
                    /** @description In force when it was taken */
                    learningRate: number;
                    step: number;
                    /** @description What it counts in the sum */
                    weight: number;
                }[];
                /** @description Whose gradients were compared; a model with a layer that cannot be is refused for layers=all */
                coverage: {
                    /** @description Position among the layers of the architecture */
                    layer: number;
                    /** @description Its trained arrays, all of them */
                    parameters: string[];
                    /** @description Of the layer */
                    type: string;
                }[];
                /** @description Whether the sum is the method’s own, with gradients neither projected nor otherwise approximated; false for gradient-product, which stands for no method */
                exact: boolean;
                /** @description Training examples that were compared */
                examples: number;
                /**
                 * @description last: the final layer, dense but for head class-map, as the paper does at scale; all: every parameter of the network
                 * @enum {string}
                 */
                layers: "last" | "all";
                /** @description What the formula does not cover, in plain words */
                notes: string[];
                /** @description Of scores and shares */
                unit: string;
                /**
                 * @description What the checkpoints count
                 * @enum {string}
                 */
                weights: "interval" | "rate" | "none";
            };
            /**
             * @description tracin-cp: gradient dot products summed over checkpoints with weights that follow from the steps of gradient descent; tracin-cp-adam: the same for steps of Adam, with gradients in the measure of the checkpoint’s second moments; gradient-product: the same without weights, for models that were moved by something else
             * @enum {string}
             */
            method: "tracin-cp" | "tracin-cp-adam" | "gradient-product";
            results: {
                /**
                 * @description Where that class, or target, came from. training: what the model was trained to say of an example of its training, be it wrong; dataset: an example that it was not trained on
                 * @enum {string}
                 */
                labelFrom: "request" | "training" | "dataset" | "prediction";
                /** @description Lowest scores first: training on them made it larger */
                opponents: {
                    /** @description Position in the training split */
                    index: number;
                    /** @description Parts that are not listed */
                    otherRegions?: {
                        count: number;
                        /** @description Of all of them together */
                        score: number;
                    };
                    /** @description Where they were asked for: its parts, those that add or take most first, 20 at most */
                    regions?: {
                        /** @description The least that holds it */
                        box: {
                            /** @description Rows (unit: pixels) */
                            height: number;
                            /** @description Of its first column (unit: pixels) */
                            left: number;
                            /** @description Of its first row (unit: pixels) */
                            top: number;
                            /** @description Columns (unit: pixels) */
                            width: number;
                        };
                        /** @description The class that was learned there */
                        label: number;
                        /** @description Its name in the data set, or its number */
                        labelName: string;
                        /** @description How many it has */
                        pixels: number;
                        /** @description What its pixels add to the picture’s score */
                        score: number;
                    }[];
                    /** @description In the unit of index.unit */
                    score: number;
                    /** @description What every checkpoint adds to the score, in the order of index.checkpoints */
                    shares: number[];
                }[];
                /** @description Highest scores first: training on them made the region’s loss smaller */
                proponents: {
                    /** @description Position in the training split */
                    index: number;
                    /** @description Parts that are not listed */
                    otherRegions?: {
                        count: number;
                        /** @description Of all of them together */
                        score: number;
                    };
                    /** @description Where they were asked for: its parts, those that add or take most first, 20 at most */
                    regions?: {
                        /** @description The least that holds it */
                        box: {
                            /** @description Rows (unit: pixels) */
                            height: number;
                            /** @description Of its first column (unit: pixels) */
                            left: number;
                            /** @description Of its first row (unit: pixels) */
                            top: number;
                            /** @description Columns (unit: pixels) */
                            width: number;
                        };
                        /** @description The class that was learned there */
                        label: number;
                        /** @description Its name in the data set, or its number */
                        labelName: string;
                        /** @description How many it has */
                        pixels: number;
                        /** @description What its pixels add to the picture’s score */
                        score: number;
                    }[];
                    /** @description In the unit of index.unit */
                    score: number;
                    /** @description What every checkpoint adds to the score, in the order of index.checkpoints */
                    shares: number[];
                }[];
                /** @description The example asked about */
                query: {
                    index: number;
                    /** @enum {string} */
                    split: "train" | "test";
                } | {
                    /** @enum {string} */
                    input: "raw";
                };
                region: {
                    /** @description The least that holds it */
                    box: {
                        /** @description Rows (unit: pixels) */
                        height: number;
                        /** @description Of its first column (unit: pixels) */
                        left: number;
                        /** @description Of its first row (unit: pixels) */
                        top: number;
                        /** @description Columns (unit: pixels) */
                        width: number;
                    };
                    /** @description Pixels of it that have a label: scores are of the mean loss over these */
                    labelled: number;
                    /** @description That loss at the last checkpoint */
                    loss: number;
                    /** @description How many it has */
                    pixels: number;
                };
            }[];
        };
        RelabelSpec: {
            /** @description Positions in the split */
            indices: number[];
            /** @description The class of each of them, by number or name */
            labels: (number | string)[];
            /**
             * Format: uuid
             * @description A data set of the team
             */
            of: string;
            /**
             * @description Whose examples they are
             * @default train
             * @enum {string}
             */
            split?: "train" | "test";
            /**
             * @description Other classes for some examples (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "relabel";
        };
        RenameSpec: {
            /** @description New names by old ones; who is not named keeps his */
            classes: {
                [key: string]: string;
            };
            /**
             * Format: uuid
             * @description A data set of the team
             */
            of: string;
            /**
             * @description Other names for classes; classes of one name become one (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "rename";
        };
        /** @description What was found */
        Report: {
            /** @description GET …/figures/{name} */
            figures: {
                /** @description In which it can be had, by Accept; none when the artifact that it shows is gone */
                mediaTypes: string[];
                name: string;
                title: string;
            }[];
            tables: {
                columns: string[];
                name: string;
                rows: (string | number | null)[][];
                title: string;
            }[];
            verdict: {
                claim: string;
                evidence: string;
                holds: boolean | null;
                predicts: string;
            };
        };
        ResizeBilinearLayer: {
            /** @description How many times as large the picture becomes; left out where a second input has the size that it shall have */
            factor?: number;
            /** @description Names of earlier layers, or input, the network’s own; the layer before when left out */
            inputs?: string[];
            /** @description Name by which later layers take this one’s output */
            name?: string;
            /**
             * @description Pictures of another size, linear between the pixels
             * @enum {string}
             */
            type: "resize-bilinear";
        };
        SampleSpec: {
            /**
             * Format: uuid
             * @description A data set of the team
             */
            of: string;
            /**
             * @description Seed of the choice; same seed, same rows
             * @default 0
             */
            seed?: number;
            /** @description Test examples */
            test?: number;
            /** @description Training examples */
            train?: number;
            /**
             * @description So many examples at random, in their order; a split that is not named stays whole (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "sample";
        };
        /** @description Pictures of shapes for segmentation: inputs, the class of every pixel as target, and scribbles */
        ScenesSpec: {
            /**
             * @description Number of classes: the background, which is 0, and those of shapes
             * @default 3
             */
            classes?: number;
            /**
             * @description Channels: one or three
             * @default colour
             * @enum {string}
             */
            colours?: "grey" | "colour";
            /**
             * @description Between the darkest and the brightest of a channel, 1 = black to white. In colour two classes differ by it in one channel or more; in grey the classes are evenly spaced over it
             * @default 0.5
             */
            contrast?: number;
            /**
             * @description Standard deviation of the noise of each pixel and channel, 1 = black to white
             * @default 0.12
             */
            noise?: number;
            /**
             * @description Whether every second shape of a class has half of its contrast to the background, and is scribbled on as the others are; unscribbled: no label shows that the class may look like that, so that scribbles are poor
             * @default none
             * @enum {string}
             */
            paleShapes?: "none" | "scribbled" | "unscribbled";
            /**
             * @description How the field scribbles is drawn
             * @default {}
             */
            scribbles?: {
                /**
                 * @description Of a stroke, as a share of the way through the middle of its region from end to end; 0 is a click where the region is deepest
                 * @default 1
                 */
                length?: number;
                /**
                 * @description all: a stroke in each connected region; one: in one region of each class, drawn at random, so that other parts of a class stay unlabelled
                 * @default all
                 * @enum {string}
                 */
                regions?: "all" | "one";
                /**
                 * @description Of the brush, in pixels; no stroke leaves its region
                 * @default 1
                 */
                width?: number;
            };
            /**
             * @description Seed of the data, apart from the seeds of the trials; same seed, same bytes
             * @default 1
             */
            seed?: number;
            /**
             * @description Shapes of a picture, of the classes in turn; with fewer than classes - 1 some are in no picture of theirs
             * @default 4
             */
            shapes?: number;
            /**
             * @description Pixels per side
             * @default 32
             */
            size?: number;
            /**
             * @description Test examples
             * @default 200
             */
            test?: number;
            /**
             * @description Training examples
             * @default 1000
             */
            train?: number;
            /**
             * @description Pictures of shapes with the class of every pixel, and scribbles of it (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "scenes";
        };
        ScoredExample: {
            /** @description What it is, where it was asked for and inputs have names or words */
            example?: {
                /** @description By the columns of the table; null where there is no value */
                row: {
                    [key: string]: number | string | null;
                };
            } | {
                /** @description Its words; [?] for one that is not in the vocabulary */
                text: string;
            };
            /** @description Position in the training split */
            index: number;
            /** @description Of head classes: the class that the model was trained to say */
            label?: number;
            /** @description In the unit of index.unit */
            score: number;
            /** @description What every checkpoint adds to the score, in the order of index.checkpoints */
            shares: number[];
            /** @description Of heads binary and values: the numbers that the model was trained to say, in the data set’s units */
            target?: number[];
            /** @description The data set’s class, where the model was trained to say another */
            trueLabel?: number;
        };
        ScribblesSpec: {
            /**
             * @description Of a stroke, as a share of the way through the middle of its region from end to end; 0 is a click where the region is deepest
             * @default 1
             */
            length?: number;
            /**
             * Format: uuid
             * @description A data set of the team
             */
            of: string;
            /**
             * @description all: a stroke in each connected region; one: in one region of each class, drawn at random, so that other parts of a class stay unlabelled
             * @default all
             * @enum {string}
             */
            regions?: "all" | "one";
            /**
             * @description Of what is random about strokes; same seed, same scribbles
             * @default 0
             */
            seed?: number;
            /**
             * @description The field scribbles for a data set of class maps, made of them: strokes and clicks, for weak supervision; in place of scribbles that there are (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "scribbles";
            /**
             * @description Of the brush, in pixels; no stroke leaves its region
             * @default 1
             */
            width?: number;
        };
        /** @description A picture whose pixels all have a label */
        Segmented: {
            /** @description Pixels of each label */
            counts: number[];
            /** @description Of every iteration, with the colours as they were learnt for it */
            energies: {
                /** @description Costs of pixels with different labels */
                pairs: number;
                total: number;
                /** @description Costs of colours */
                unary: number;
            }[];
            height: number;
            /** @description A PNG whose numbers of a palette are the labels */
            mask: string;
            /** @description A PNG, where it was asked for */
            overlay?: string;
            width: number;
        };
        /**
         * @description A picture, and pixels whose labels are known: strokes, a map of seeds, or both. Every label must have one
         * @example {
         *       "example": {
         *         "datasetId": "01936a3e-0000-7000-8000-000000000001",
         *         "split": "train",
         *         "index": 0
         *       },
         *       "strokes": [
         *         {
         *           "label": 0,
         *           "points": [
         *             [
         *               1,
         *               1
         *             ],
         *             [
         *               20,
         *               1
         *             ]
         *           ]
         *         },
         *         {
         *           "label": 1,
         *           "points": [
         *             [
         *               12,
         *               14
         *             ]
         *           ]
         *         }
         *       ]
         *     }
         */
        SegmentRequest: {
            /**
             * @description What it costs a pixel to have a label by its colour: minus the logarithm of how likely the colour is
             * @default {
             *       "type": "mixture"
             *     }
             */
            colours?: {
                /**
                 * @description Seeds alone: all colours cost nothing
                 * @enum {string}
                 */
                type: "none";
            } | {
                /**
                 * @description Most Gaussians of a label
                 * @default 5
                 */
                components?: number;
                /**
                 * @description Times that all pixels are labelled: first with what colours the seeds have, then with what colours the labels got; where more follow, the first time by colours alone
                 * @default 2
                 */
                iterations?: number;
                /**
                 * @description Of the random choice of the first Gaussians
                 * @default 0
                 */
                seed?: number;
                /**
                 * @description The colours of each label are a mixture of Gaussians, as in GrabCut
                 * @enum {string}
                 */
                type: "mixture";
                /**
                 * @description Times the costs of colours
                 * @default 1
                 */
                weight?: number;
            } | {
                /**
                 * @description Of each channel
                 * @default 16
                 */
                bins?: number;
                /**
                 * @description Times that all pixels are labelled: first with what colours the seeds have, then with what colours the labels got; where more follow, the first time by colours alone
                 * @default 2
                 */
                iterations?: number;
                /**
                 * @description The colours of each label are counted in bins, each with one more than it has
                 * @enum {string}
                 */
                type: "histogram";
                /**
                 * @description Times the costs of colours
                 * @default 1
                 */
                weight?: number;
            };
            /** @description An example of a data set, in place of a picture */
            example?: {
                /**
                 * Format: uuid
                 * @description UUIDv7: ids sort by the time of creation
                 */
                datasetId: string;
                /**
                 * @description Where its picture is: an image of 1 or 3 channels in 0 .. 255
                 * @default inputs
                 */
                field?: string;
                /** @description Position in the split */
                index: number;
                /** @description A classMap whose classes are seeds, such as scribbles; none when left out */
                seedsField?: string;
                /** @enum {string} */
                split: "train" | "test";
            };
            /**
             * @description How many there are: 0, 1, ...
             * @default 2
             */
            labels?: number;
            /** @description label of every colour that a map of seeds in colour may have: {"#000000": 255, "#ff0000": 0, "#00ff00": 1} */
            maskColours?: {
                [key: string]: number;
            };
            /** @description label of every number that a grey map of seeds or its palette may have, 255 where none is given: {"0": 255, "1": 0, "2": 1}; when left out a number is its label, and 255 is none */
            maskValues?: {
                [key: string]: number;
            };
            /**
             * @description Draw the picture under the colours of its labels, too; as image/png this is the answer then
             * @default false
             */
            overlay?: boolean;
            /**
             * @description What it costs two pixels to have different labels. grid: lambda exp(-|difference of colours|² / (2 sigma²)) / distance of neighbours; dense: weight exp(-|difference of places|² / (2 position²) - |difference of colours|² / (2 colour²)) of each kernel
             * @default {
             *       "type": "grid"
             *     }
             */
            pairs?: {
                /**
                 * @description Cost of two labels on equal pixels side by side; more makes edges shorter
                 * @default 10
                 */
                lambda?: number;
                /**
                 * @description With more than two labels: what a cut may change at once
                 * @default expansion
                 * @enum {string}
                 */
                moves?: "expansion" | "swap";
                /** @default 8 */
                neighbours?: 4 | 8;
                /**
                 * @description With more than two labels: over all of them, at most
                 * @default 5
                 */
                rounds?: number;
                /** @description Difference of colours, in 0 .. 255, beyond which two labels cost little; when left out its square is the mean square difference of the picture’s neighbours */
                sigma?: number;
                /**
                 * @description Neighbours: exact for two labels, within twice the optimum for more
                 * @enum {string}
                 */
                type: "grid";
            } | {
                /**
                 * @description Their sum is what two labels cost, each divided by the roots of the sums of its weights at both pixels
                 * @default [
                 *       {
                 *         "weight": 10,
                 *         "position": 80,
                 *         "colour": 13
                 *       },
                 *       {
                 *         "weight": 3,
                 *         "position": 3
                 *       }
                 *     ]
                 */
                kernels?: {
                    /** @description Standard deviation of each channel, in 0 .. 255; places alone when left out */
                    colour?: number;
                    /** @description Standard deviation in pixels */
                    position: number;
                    /** @description Times its values */
                    weight: number;
                }[];
                /**
                 * @description All pairs of pixels, by Gaussian kernels on the permutohedral lattice; labels by mean field
                 * @enum {string}
                 */
                type: "dense";
                /**
                 * @description Of all pixels at once by mean field, at most
                 * @default 5
                 */
                updates?: number;
            };
            /** @description A PNG or JPEG; larger ones come as multipart/form-data */
            picture?: string;
            /** @description A PNG of the size of the picture whose numbers are labels, 255 where none is given; strokes are drawn over it */
            seeds?: string;
            /**
             * @description Seeds as lines, drawn one after the other
             * @default []
             */
            strokes?: {
                /** @description Of the pixels under it */
                label: number;
                /** @description Of a line, each as [x, y] in pixels; [0, 0] is the middle of the upper left one. One point is a dot */
                points: number[][];
                /**
                 * @description Of the brush, in pixels
                 * @default 3
                 */
                width?: number;
            }[];
        };
        SelfInfluencePage: {
            /** @description What the answer was computed from */
            index: {
                checkpoints: {
                    /** @description In force when it was taken */
                    learningRate: number;
                    step: number;
                    /** @description What it counts in the sum */
                    weight: number;
                }[];
                /** @description Whose gradients were compared; a model with a layer that cannot be is refused for layers=all */
                coverage: {
                    /** @description Position among the layers of the architecture */
                    layer: number;
                    /** @description Its trained arrays, all of them */
                    parameters: string[];
                    /** @description Of the layer */
                    type: string;
                }[];
                /** @description Whether the sum is the method’s own, with gradients neither projected nor otherwise approximated; false for gradient-product, which stands for no method */
                exact: boolean;
                /** @description Training examples that were compared */
                examples: number;
                /**
                 * @description last: the final layer, dense but for head class-map, as the paper does at scale; all: every parameter of the network
                 * @enum {string}
                 */
                layers: "last" | "all";
                /** @description What the formula does not cover, in plain words */
                notes: string[];
                /** @description Of scores and shares */
                unit: string;
                /**
                 * @description What the checkpoints count
                 * @enum {string}
                 */
                weights: "interval" | "rate" | "none";
            };
            items: {
                /** @description What it is, where it was asked for and inputs have names or words */
                example?: {
                    /** @description By the columns of the table; null where there is no value */
                    row: {
                        [key: string]: number | string | null;
                    };
                } | {
                    /** @description Its words; [?] for one that is not in the vocabulary */
                    text: string;
                };
                /** @description Position in the training split */
                index: number;
                /** @description Of head classes: the class that the model was trained to say */
                label?: number;
                /** @description 1 is the most self-influential example */
                rank: number;
                /** @description In the unit of index.unit */
                score: number;
                /** @description What every checkpoint adds to the score, in the order of index.checkpoints */
                shares: number[];
                /** @description Of heads binary and values: the numbers that the model was trained to say, in the data set’s units */
                target?: number[];
                /** @description The data set’s class, where the model was trained to say another */
                trueLabel?: number;
            }[];
            /**
             * @description tracin-cp: gradient dot products summed over checkpoints with weights that follow from the steps of gradient descent; tracin-cp-adam: the same for steps of Adam, with gradients in the measure of the checkpoint’s second moments; gradient-product: the same without weights, for models that were moved by something else
             * @enum {string}
             */
            method: "tracin-cp" | "tracin-cp-adam" | "gradient-product";
            nextCursor: string | null;
            /** @description Examples in the ranking */
            total: number;
        };
        /** @description Either {instances} or {count}, and either {solver} or {steps} */
        SolveRequest: {
            /** @description So many drawn instances instead: the first test instances of a trial with this seed */
            count?: number;
            /** @description Instances, a row of numbers each. sum-rate: the gains g_ij = |h_ij|² >= 0 from sender j to receiver i, K x K, receiver by receiver; two-basins: one number, whose sign tells the better side; convex: the minimum; unrelated: what is seen, then what is hidden */
            instances?: number[][];
            /**
             * @description Of everything that is drawn: instances, candidates, directions of a zeroth-order solver
             * @default 0
             */
            seed?: number;
            /** @description Another one than that whose solutions were learned */
            solver?: {
                /**
                 * @description Of every step
                 * @default 2
                 */
                learningRate?: number;
                /**
                 * @description Part of the velocity that is kept
                 * @default 0
                 */
                momentum?: number;
                /**
                 * @description Most steps of an instance
                 * @default 60
                 */
                steps?: number;
                /**
                 * @description An instance stops when no number of it moves by more in a step; 0: it makes all steps
                 * @default 0
                 */
                tolerance?: number;
                /**
                 * @description Gradient descent, projected where the family is bounded
                 * @enum {string}
                 */
                type: "gradient";
            } | {
                /**
                 * @description root: the rate falls as the root of what is left
                 * @default constant
                 * @enum {string}
                 */
                decay?: "constant" | "root";
                /**
                 * @description Of every step
                 * @default 2
                 */
                learningRate?: number;
                /**
                 * @description Most steps of an instance
                 * @default 60
                 */
                steps?: number;
                /**
                 * @description Weight of the sum of absolute numbers
                 * @default 0
                 */
                threshold?: number;
                /**
                 * @description An instance stops when no number of it moves by more in a step; 0: it makes all steps
                 * @default 0
                 */
                tolerance?: number;
                /**
                 * @description Proximal gradient descent with momentum and a soft threshold
                 * @enum {string}
                 */
                type: "fista";
            } | {
                /**
                 * @description Queries that an instance may take (unit: evaluations)
                 * @default 1000
                 */
                budget?: number;
                /**
                 * @description Of every step
                 * @default 2
                 */
                learningRate?: number;
                /**
                 * @description Part of the velocity that is kept
                 * @default 0
                 */
                momentum?: number;
                /**
                 * @description Directions of one estimate
                 * @default 10
                 */
                samples?: number;
                /**
                 * @description Length of a step along a direction
                 * @default 0.001
                 */
                smoothing?: number;
                /**
                 * @description Most steps of an instance
                 * @default 60
                 */
                steps?: number;
                /**
                 * @description An instance stops when no number of it moves by more in a step; 0: it makes all steps
                 * @default 0
                 */
                tolerance?: number;
                /**
                 * @description Gradients estimated from queries along random directions
                 * @enum {string}
                 */
                type: "zeroth-order";
            };
            /** @description Most steps of an instance; those of the solver when left out */
            steps?: number;
        };
        SolveResponse: {
            /** @description By instance */
            ends: {
                /** @description Objective at the start, in its own sense; null: it is no number */
                initial: number | null;
                /** @description Objective of the solution; null: it is no number */
                objective: number | null;
                /** @description Evaluations that it took */
                queries: number;
                /**
                 * @description Why the instance stopped
                 * @enum {string}
                 */
                reason: "running" | "steps" | "converged" | "budget" | "non-finite";
                /** @description The best decision that the solver has seen, the start included */
                solution: number[];
                /** @description Decision that the start stands for */
                start: number[];
                /** @description Steps that it made */
                steps: number;
            }[];
            /** @description The instances, where they were drawn */
            instances?: number[][];
            objective: {
                name: string;
                /** @enum {string} */
                sense: "minimize" | "maximize";
                unit: string;
            };
            /**
             * @description How an instance is solved from its start
             * @default {
             *       "type": "gradient"
             *     }
             */
            solver?: {
                /**
                 * @description Of every step
                 * @default 2
                 */
                learningRate?: number;
                /**
                 * @description Part of the velocity that is kept
                 * @default 0
                 */
                momentum?: number;
                /**
                 * @description Most steps of an instance
                 * @default 60
                 */
                steps?: number;
                /**
                 * @description An instance stops when no number of it moves by more in a step; 0: it makes all steps
                 * @default 0
                 */
                tolerance?: number;
                /**
                 * @description Gradient descent, projected where the family is bounded
                 * @enum {string}
                 */
                type: "gradient";
            } | {
                /**
                 * @description root: the rate falls as the root of what is left
                 * @default constant
                 * @enum {string}
                 */
                decay?: "constant" | "root";
                /**
                 * @description Of every step
                 * @default 2
                 */
                learningRate?: number;
                /**
                 * @description Most steps of an instance
                 * @default 60
                 */
                steps?: number;
                /**
                 * @description Weight of the sum of absolute numbers
                 * @default 0
                 */
                threshold?: number;
                /**
                 * @description An instance stops when no number of it moves by more in a step; 0: it makes all steps
                 * @default 0
                 */
                tolerance?: number;
                /**
                 * @description Proximal gradient descent with momentum and a soft threshold
                 * @enum {string}
                 */
                type: "fista";
            } | {
                /**
                 * @description Queries that an instance may take (unit: evaluations)
                 * @default 1000
                 */
                budget?: number;
                /**
                 * @description Of every step
                 * @default 2
                 */
                learningRate?: number;
                /**
                 * @description Part of the velocity that is kept
                 * @default 0
                 */
                momentum?: number;
                /**
                 * @description Directions of one estimate
                 * @default 10
                 */
                samples?: number;
                /**
                 * @description Length of a step along a direction
                 * @default 0.001
                 */
                smoothing?: number;
                /**
                 * @description Most steps of an instance
                 * @default 60
                 */
                steps?: number;
                /**
                 * @description An instance stops when no number of it moves by more in a step; 0: it makes all steps
                 * @default 0
                 */
                tolerance?: number;
                /**
                 * @description Gradients estimated from queries along random directions
                 * @enum {string}
                 */
                type: "zeroth-order";
            };
        };
        /** @description How a column of a table became numbers */
        SourceColumn: {
            /** @description Position of its first number among the inputs */
            at: number;
            /** @description How a cell without a value is told; left out where every row must have one */
            missing?: {
                /** @description Position of the number that is 1 where a cell has no value, else 0 */
                at: number;
                /** @description Stands where a cell has no value */
                fill: number;
            };
            /** @description Of the column of the table */
            name: string;
            /**
             * @description One number
             * @enum {string}
             */
            type: "number";
        } | {
            /** @description Position of its first number among the inputs */
            at: number;
            /**
             * @description one-hot: a number per word, 1 for the one that it is; ordinal: the position of the word
             * @enum {string}
             */
            coding: "one-hot" | "ordinal";
            /** @description Whether cells without a value have a number of their own, the last one */
            missing: boolean;
            /** @description Of the column of the table */
            name: string;
            /** @description Whether rarer words have a number of their own, after the words */
            other: boolean;
            /**
             * @description One of several words
             * @enum {string}
             */
            type: "category";
            /** @description In the order of their numbers */
            words: string[];
        } | {
            /** @description Position of its first number among the inputs */
            at: number;
            /** @description How a cell without a value is told; left out where every row must have one */
            missing?: {
                /** @description Position of the number that is 1 where a cell has no value, else 0 */
                at: number;
                /** @description Stand where a cell has no value, one for each part */
                fill: number[];
            };
            /** @description Of the column of the table */
            name: string;
            /** @description A number each: weekday 1 (Monday) .. 7, month and day from 1 */
            parts: ("year" | "month" | "day" | "weekday" | "hour" | "minute" | "second")[];
            /**
             * @description A date, or a date and a time
             * @enum {string}
             */
            type: "date";
        };
        StreamEnd: {
            state: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "end";
        };
        StreamHead: {
            seq: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "head";
        };
        StreamHello: {
            experiment: {
                /**
                 * Format: uuid
                 * @description UUIDv7: ids sort by the time of creation
                 */
                id: string;
                kind: string;
                name: string;
                state: string;
            };
            headSeq: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "hello";
        };
        /** @description hello opens the stream; head comes after 15 quiet seconds, but never to a client that has not read what waits for it; skipped stands for metrics and progress that a client was too slow for; end closes it */
        StreamNotice: components["schemas"]["StreamHello"] | components["schemas"]["StreamHead"] | components["schemas"]["StreamSkipped"] | components["schemas"]["StreamEnd"];
        StreamSkipped: {
            from: number;
            to: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "skipped";
        };
        /** @description Owns everything else */
        Team: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            name: string;
            /** @description null means no limit */
            quotas: {
                maxRunningTrials: number | null;
                maxStorageBytes: number | null;
            };
            /** @description the ETag */
            version: number;
        };
        TokensField: {
            /** @description [length] */
            shape: number[];
            /** @description Tokens are words: 0 fills up short texts, 1 is any word that is not in the vocabulary */
            text?: {
                /** @description The columns of the table that the text was in, joined with a blank */
                columns: string[];
                /** @description Whether words were made lower case */
                lowerCase: boolean;
            };
            /**
             * @description A sequence of tokens (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "tokens";
            /** @description Different tokens: 0 .. vocabulary - 1 */
            vocabulary: number;
        };
        /** @description One arm with one seed */
        Trial: {
            arm: string;
            attempt: number;
            attempts: {
                attempt: number;
                end: string | null;
                endedAt: string | null;
                fingerprint: {
                    [key: string]: unknown;
                } | null;
                /**
                 * Format: uuid
                 * @description UUIDv7: ids sort by the time of creation
                 */
                laneId: string;
                /**
                 * Format: uuid
                 * @description UUIDv7: ids sort by the time of creation
                 */
                nodeId: string;
                resumedFrom: number | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                startedAt: string;
            }[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /** @description threads that work on it */
            crew: number;
            /** @description executors or nodes that died with it, in a row without a newer snapshot between */
            deaths: number;
            definition: {
                [key: string]: unknown;
            };
            deterministic: boolean;
            device: string;
            /** @enum {string} */
            engine: "tensor" | "float64";
            /** @description What it was to take when it was made */
            estimate: {
                /** @description of memory; 0 where it was not kept */
                bytes: number;
                /** @description what its progress counts to */
                steps: number;
            };
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            experimentId: string;
            failure: {
                /** @enum {unknown} */
                code: "invalid_request" | "invalid_spec" | "unknown_kind" | "unknown_preset" | "invalid_cursor" | "unknown_operation" | "unknown_follow_up" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "conflict" | "not_finished" | "in_use" | "idempotency_conflict" | "index_missing" | "no_checkpoint" | "no_dataset" | "quota_exceeded" | "stale" | "too_large" | "file_missing" | "range_not_satisfiable" | "unsupported_media_type" | "invalid_dataset" | "data_missing" | "download_failed" | "unfit_dataset" | "unfit_artifact" | "invalid_picture" | "invalid_input" | "non_finite_output" | "internal" | "unavailable" | "non_finite" | "unmeasurable" | "not_deterministic" | "out_of_memory" | "worker_died" | "timed_out" | "hung" | "crew_broken" | "trial_error";
                message: string;
                /** @description step of the trial at which it happened */
                step?: number;
            } | null;
            fingerprint: {
                [key: string]: unknown;
            } | null;
            finishedAt: string | null;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            kind: string;
            /** @description position in the plan */
            ordinal: number;
            outcome: {
                advice: string | null;
                name: string;
            } | null;
            progress: {
                done: number;
                of: number;
            };
            result: {
                [key: string]: unknown;
            } | null;
            secondsUsed: number;
            seed: number;
            /** @description of a lane; 0: all of them */
            slots: number;
            startedAt: string | null;
            /** @enum {string} */
            state: "queued" | "running" | "pausing" | "paused" | "stopping" | "succeeded" | "failed" | "canceled";
            /** @description of the tensor engine, for each of its crew; 0: all of its slots, evenly */
            threads: number;
            transitions: {
                actor: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                from: string;
                reason: string;
                to: string;
            }[];
            waiting: string | null;
        };
        /** @description A data set that is under way, uploaded or made of a source: gone when it is answered, or broken off */
        Upload: {
            format: string | null;
            /**
             * Format: uuid
             * @description UUIDv7: ids sort by the time of creation
             */
            id: string;
            name: string | null;
            /** @description Of its files, unpacked */
            readBytes: number;
            /** @description Of its files */
            receivedBytes: number;
            rows: number | null;
            /**
             * @description receiving: its bytes come, from the client or from where the catalog has them; waiting: for the team’s turn; reading: a data set is made of it; storing: nearly done
             * @enum {string}
             */
            stage: "receiving" | "waiting" | "reading" | "storing";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            startedAt: string;
            totalBytes: number | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            updatedAt: string;
        };
        Usage: {
            datasets: number;
            experiments: number;
            models: number;
            storedBytes: number;
            /** @description number by state */
            trials: {
                [key: string]: number;
            };
        };
        /** @description What would happen; nothing was stored */
        Validation: {
            errors: {
                got: unknown;
                path: string;
                rule: string;
            }[];
            estimate: {
                /** @description that will be stored */
                bytes: number;
                /** @description of training, and what costs as much, of all trials */
                steps: number;
            } | null;
            spec: {
                [key: string]: unknown;
            } | null;
            /** @description The plan: arms x seeds */
            trials: {
                arm: string;
                seed: number;
            }[];
            valid: boolean;
        };
        ValuesField: {
            /** @description One for each number */
            columns: components["schemas"]["Column"][];
            /**
             * @description Numbers to be predicted (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            type: "values";
        };
        ValuesHead: {
            /**
             * @description squared: (output - target)²; huber: half of it up to a distance of 1, linear from there on; the mean over values
             * @default squared
             * @enum {string}
             */
            loss?: "squared" | "huber";
            /**
             * @description Regression
             * @enum {string}
             */
            type: "values";
        };
        /** @description What the model says of an example */
        ValuesPrediction: {
            /**
             * @description Numbers
             * @enum {string}
             */
            head: "values";
            values: {
                /** @description Its name in the data set, or its number */
                name: string;
                /** @description Left out where it is not known */
                unit?: string;
                /** @description In this unit */
                value: number;
            }[];
        };
        /** @description What may be wrong with the data */
        Warning: {
            /** @description constant_column, row_numbers, twin_of_target, rare_class, ... */
            code: string;
            /** @description Its name, or its position where there are no names */
            column?: string;
            /** @description In words, with the numbers */
            text: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArtifact: {
        parameters: {
            query?: never;
            header?: {
                "if-none-match"?: string;
                "if-range"?: string;
                /** @description bytes=FIRST-LAST */
                range?: string;
            };
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "application/octet-stream": string;
                    "image/png": string;
                    "image/svg+xml": string;
                    "text/csv": string;
                };
            };
            /** @description The part that Range asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "application/octet-stream": string;
                    "image/png": string;
                    "image/svg+xml": string;
                    "text/csv": string;
                };
            };
            /** @description You have it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `range_not_satisfiable`: The range is not within the file */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCatalog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CatalogItem"][];
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCheckpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Weights at a step; GET …/weights has the safetensors file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checkpoint"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWeights: {
        parameters: {
            query?: never;
            header?: {
                "if-none-match"?: string;
                "if-range"?: string;
                /** @description bytes=FIRST-LAST */
                range?: string;
            };
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The part that Range asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description You have it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `range_not_satisfiable`: The range is not within the file */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDatasets: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
                cursor?: string;
                /** @description Most items of the page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DatasetSummary"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema; `invalid_cursor`: The cursor was not made by this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createDataset: {
        parameters: {
            query?: {
                /** @description Read and check everything, show what it would be, and store nothing */
                validate?: boolean;
            };
            header?: {
                /** @description The same key and body get the same answer, another body 409 */
                "idempotency-key"?: string;
                /** @description A UUID under which GET /v1/uploads/{id} tells how far it is; made by the server when left out, and told in the answer’s header of the same name */
                "upload-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "digits",
                 *       "source": {
                 *         "generator": {
                 *           "type": "glyphs",
                 *           "train": 1000,
                 *           "test": 200
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewDataset"];
                "multipart/form-data": {
                    /** @description arrays: which array is which field: {"train": {"inputs": "x_train", "target": "y_train"}, "test": {...}}. Found when left out if names say so: x, inputs, images, features or data; y, target or labels; with train or test */
                    arrays: {
                        /** @description the same for the test split: in the file test, or in train where that is not sent */
                        test?: {
                            [key: string]: string;
                        };
                        /** @description names of the arrays by field: inputs, target, and further ones such as scribbles */
                        train: {
                            [key: string]: string;
                        };
                    };
                    /**
                     * @description arrays: where the channels of pictures are: last, [n, height, width, channels], or first, [n, channels, height, width]. Found, and told as a warning, when left out, if only one can be meant
                     * @enum {string}
                     */
                    channels: "last" | "first";
                    /** @description idx: number of classes, 0 .. classes - 1; the largest label and one when left out */
                    classes: number;
                    /** @description arrays: names of the classes 0, 1, 2, ...; the numbers that there are when left out; pictures: names of the classes of masks, by their number from 0; the numbers when left out */
                    classNames: string[];
                    /**
                     * @description pictures: channels: auto, the default, is rgb where a picture has channels of colour or a palette that is not grey; grey is 0.299 red + 0.587 green + 0.114 blue
                     * @enum {string}
                     */
                    colour: "auto" | "grey" | "rgb";
                    /** @description arrays: names of the inputs, where they are no pictures */
                    columnNames: string[];
                    /** @description csv: what columns are, by name or 0-based index: number, category, date, text, id, ignore, or an object: {"type": "category", "coding": "ordinal"}, {"type": "date", "order": "DMY"}. What is not said is found; parquet: what columns are, by name or 0-based index: number, category, date, text, id, ignore, or an object: {"type": "category", "coding": "ordinal"}, {"type": "date", "order": "DMY"}. What is not said is found */
                    columns: {
                        [key: string]: ("number" | "category" | "date" | "text" | "id" | "ignore") | ({
                            /**
                             * @description one-hot, the default: a number per word; ordinal: one number, the position of the word
                             * @enum {string}
                             */
                            coding?: "one-hot" | "ordinal";
                            /** @description words with a number of their own: the most frequent ones; 64 when left out. The rest is "other" */
                            most?: number;
                            /** @enum {string} */
                            type: "category";
                            /** @description the words in their order; the rest is "other". Sorted when left out */
                            words?: string[];
                        } | {
                            /**
                             * @description of year, month and day; found when left out
                             * @enum {string}
                             */
                            order?: "YMD" | "DMY" | "MDY";
                            /** @enum {string} */
                            type: "date";
                        });
                    };
                    /**
                     * @description csv: what numbers have before their decimals; auto, the default, takes a comma where cells are not separated by commas, some are numbers such as 3,14 and none is one such as 3.14
                     * @enum {string}
                     */
                    decimal: "auto" | "point" | "comma";
                    /** @description csv: a label of the Encoding Standard, such as utf-8, utf-16le, windows-1252 or shift_jis; when left out UTF-8, or UTF-16 where the first bytes say so */
                    encoding: string;
                    /**
                     * @description pictures: how a picture of another size gets that one: stretch, the default; crop keeps its middle; pad lays it on black (unlabelled in masks); keep does that without resizing it, so that it must be no larger. Where pictures with masks are laid on black, the field extent says where each lies
                     * @enum {string}
                     */
                    fit: "stretch" | "crop" | "pad" | "keep";
                    /** @description pictures: names of the folders in which pictures with masks lie */
                    folders: {
                        /** @description of the pictures; images */
                        images?: string;
                        /** @description of their masks; masks */
                        masks?: string;
                        /** @description of scribbles, where there are; scribbles */
                        scribbles?: string;
                    };
                    /**
                     * @description idx: MNIST’s format, plain or gzip; csv: one example a line, plain or gzip; parquet: one example a row, plain or gzip; arrays: arrays of NumPy (NPZ, NPY) or safetensors, plain or gzip; pictures: a zip, tar or tar.gz of PNG and JPEG: a folder for each class, or folders images and masks (and scribbles) with the same names; both also below folders train and test
                     * @enum {string}
                     */
                    format: "idx" | "csv" | "parquet" | "arrays" | "pictures";
                    /** @description csv: name or 0-based index of a column whose equal cells stay in one split; no input unless columns says what it is; parquet: name or 0-based index of a column whose equal cells stay in one split; no input unless columns says what it is */
                    groupColumn: string;
                    /**
                     * @description csv: whether the first line has names; auto, the default, looks at its cells, and is refused where the line may be both. Names must differ
                     * @enum {string}
                     */
                    header: "auto" | "true" | "false";
                    /** @description csv: name or 0-based index of the column with the class; the last one when left out; parquet: name or 0-based index of the column with the class; the last one when left out */
                    labelColumn: string;
                    /** @description pictures: class of every colour that masks in colour may have: {"#ff0000": 1} */
                    maskColours: {
                        [key: string]: number;
                    };
                    /** @description pictures: class of every number that grey masks and palettes may have: {"0": 0, "255": 1}; when left out a number is its class, and 255 is unlabelled */
                    maskValues: {
                        [key: string]: number;
                    };
                    /** @description csv: words that mean that a cell has no value, beside the empty one; parquet: words that mean that a cell has no value, beside the empty one */
                    missing: string[];
                    /**
                     * @description csv: what happens to cells without a value: refuse, the default; or they are filled with the mean or median of the training rows and a further number says where (a category gets a word of its own); parquet: what happens to cells without a value: refuse, the default; or they are filled with the mean or median of the training rows and a further number says where (a category gets a word of its own)
                     * @enum {string}
                     */
                    missingCells: "refuse" | "mean" | "median";
                    /** @description What people call it */
                    name: string;
                    /** @description csv: names of the columns of a file that has none; parquet: names of the columns of a file that has none */
                    names: string[];
                    /** @description csv: the character around cells that hold separators or line ends, doubled within them; " when left out, none where quotes are text */
                    quote: string;
                    /** @description csv: other names of classes, by the text in the files: {"<=50K.": "<=50K"}; parquet: other names of classes, by the text in the files: {"<=50K.": "<=50K"} */
                    renameClasses: {
                        [key: string]: string;
                    };
                    /** @description csv: what stands between cells: comma, semicolon, tab, pipe, or the character itself; auto, the default, finds one of these four */
                    separator: string;
                    /** @description pictures: [height, width] to which every picture is resized; their own when left out, which all must share */
                    size: number[];
                    /** @description Seed of the shuffle before the split */
                    splitSeed?: number;
                    /** @description true: each class has its share of the test split, and one of two examples or more is in both splits; left to chance when left out */
                    stratify?: boolean;
                    /** @description csv: names or 0-based indices of the columns with the numbers to predict, instead of classes; parquet: names or 0-based indices of the columns with the numbers to predict, instead of classes */
                    targetColumns: string[];
                    /** @description arrays: names of the values of the target */
                    targetNames: string[];
                    /**
                     * @description arrays: what the target is. When left out: integers of 0 .. 999 with one axis are classes, floats are values, integers for every pixel of a picture are a class map (255: unlabelled)
                     * @enum {string}
                     */
                    targetType: "classes" | "values" | "classMap" | "none";
                    /**
                     * Format: binary
                     * @description csv: the test split; parquet: the test split; arrays: arrays of the test split: NPZ or safetensors; pictures: an archive of the test split
                     */
                    test?: string;
                    /** @description Number of examples that become the test split, instead of a fraction */
                    testCount?: number;
                    /** @description Part that becomes the test split when no test file is given; 0.2 when left out */
                    testFraction?: number;
                    /**
                     * Format: binary
                     * @description idx: images of the test split
                     */
                    testImages?: string;
                    /**
                     * Format: binary
                     * @description arrays: one array: inputs to test on
                     */
                    testInputs?: string;
                    /**
                     * Format: binary
                     * @description idx: labels of the test split
                     */
                    testLabels?: string;
                    /**
                     * Format: binary
                     * @description arrays: one array: the target of testInputs
                     */
                    testTarget?: string;
                    /** @description csv: how text becomes tokens; parquet: how text becomes tokens */
                    text: {
                        /** @description tokens of an example; longer texts are cut, shorter ones padded. When left out, as many as 99 % of the texts need, 512 at most */
                        length?: number;
                        /**
                         * @description whether words are made lower case
                         * @default true
                         */
                        lowerCase?: boolean;
                        /**
                         * @description how often a word must come to have a token of its own
                         * @default 2
                         */
                        minimumCount?: number;
                        /**
                         * @description different tokens at most: the most frequent words of the training rows, and 2 for padding and unknown words
                         * @default 10000
                         */
                        vocabulary?: number;
                    };
                    /**
                     * Format: binary
                     * @description csv: the training split; parquet: the training split; arrays: arrays of the training split, or of both: NPZ or safetensors; pictures: an archive of pictures; its folder test, or else val, is the test split where there is one
                     */
                    train?: string;
                    /**
                     * Format: binary
                     * @description idx: images, magic 0x803 or 0x804
                     */
                    trainImages?: string;
                    /**
                     * Format: binary
                     * @description arrays: one array, instead of train: inputs to train on
                     */
                    trainInputs?: string;
                    /**
                     * Format: binary
                     * @description idx: labels, magic 0x801
                     */
                    trainLabels?: string;
                    /**
                     * Format: binary
                     * @description arrays: one array: the target of trainInputs
                     */
                    trainTarget?: string;
                    /** @description arrays: units of inputs and values by their names: {"distance": "m"} */
                    units: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description The team had it already, or what it would be (validate=true) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"] | components["schemas"]["DatasetPreview"];
                };
            };
            /** @description Immutable examples with splits train and test, and what their files were taken for */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01936a3e-0000-7000-8000-000000000001",
                     *       "name": "digits",
                     *       "source": {
                     *         "generator": {
                     *           "type": "glyphs",
                     *           "classes": 2,
                     *           "train": 1000,
                     *           "test": 200,
                     *           "noise": 0.05,
                     *           "seed": 1
                     *         }
                     *       },
                     *       "fields": {
                     *         "inputs": {
                     *           "type": "image",
                     *           "shape": [
                     *             28,
                     *             28,
                     *             1
                     *           ],
                     *           "dtype": "uint8"
                     *         },
                     *         "target": {
                     *           "type": "classes",
                     *           "names": [
                     *             "0",
                     *             "1"
                     *           ]
                     *         }
                     *       },
                     *       "counts": {
                     *         "train": 1000,
                     *         "test": 200
                     *       },
                     *       "sizeBytes": 945904,
                     *       "sha256": "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
                     *       "createdAt": "2026-11-01T12:00:00.000Z",
                     *       "report": {
                     *         "columns": [],
                     *         "classes": [
                     *           {
                     *             "name": "0",
                     *             "train": 510,
                     *             "test": 96
                     *           },
                     *           {
                     *             "name": "1",
                     *             "train": 490,
                     *             "test": 104
                     *           }
                     *         ],
                     *         "skipped": [],
                     *         "warnings": []
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The present state forbids this; `idempotency_conflict`: The same Idempotency-Key came with another body; `quota_exceeded`: A quota of the team is used up */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_dataset`: The data cannot be read; `data_missing`: The bytes of a data set are not in the blob store */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `download_failed`: A file of the catalog could not be downloaded */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Immutable examples with splits train and test, and what their files were taken for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01936a3e-0000-7000-8000-000000000001",
                     *       "name": "digits",
                     *       "source": {
                     *         "generator": {
                     *           "type": "glyphs",
                     *           "classes": 2,
                     *           "train": 1000,
                     *           "test": 200,
                     *           "noise": 0.05,
                     *           "seed": 1
                     *         }
                     *       },
                     *       "fields": {
                     *         "inputs": {
                     *           "type": "image",
                     *           "shape": [
                     *             28,
                     *             28,
                     *             1
                     *           ],
                     *           "dtype": "uint8"
                     *         },
                     *         "target": {
                     *           "type": "classes",
                     *           "names": [
                     *             "0",
                     *             "1"
                     *           ]
                     *         }
                     *       },
                     *       "counts": {
                     *         "train": 1000,
                     *         "test": 200
                     *       },
                     *       "sizeBytes": 945904,
                     *       "sha256": "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
                     *       "createdAt": "2026-11-01T12:00:00.000Z",
                     *       "report": {
                     *         "columns": [],
                     *         "classes": [
                     *           {
                     *             "name": "0",
                     *             "train": 510,
                     *             "test": 96
                     *           },
                     *           {
                     *             "name": "1",
                     *             "train": 490,
                     *             "test": 104
                     *           }
                     *         ],
                     *         "skipped": [],
                     *         "warnings": []
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_use`: Something still refers to it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExamples: {
        parameters: {
            query?: {
                /** @description Most examples of the page */
                limit?: number;
                /** @description Position of the first one */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
                split: "train" | "test";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The examples */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExamplePage"];
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: It cannot be given in that form */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `data_missing`: The bytes of a data set are not in the blob store */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExample: {
        parameters: {
            query?: {
                /** @description Of which field the picture is */
                field?: string;
            };
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
                /** @description Position in the split */
                index: number;
                split: "train" | "test";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The example */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Example"];
                    "image/png": string;
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: It cannot be given in that form */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `data_missing`: The bytes of a data set are not in the blob store */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDatasetFigures: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description In which it can be had, by Accept; none when the artifact that it shows is gone */
                            mediaTypes: string[];
                            name: string;
                            title: string;
                        }[];
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDatasetFigure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figure */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                    "application/vnd.vegalite.v6+json": {
                        [key: string]: unknown;
                    };
                    "image/png": string;
                    "image/svg+xml": string;
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: It cannot be given in that form */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `data_missing`: The bytes of a data set are not in the blob store */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExperiments: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
                cursor?: string;
                kind?: string;
                /** @description Most items of the page */
                limit?: number;
                state?: "queued" | "running" | "paused" | "succeeded" | "failed" | "canceled";
                tag?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ExperimentSummary"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema; `invalid_cursor`: The cursor was not made by this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createExperiment: {
        parameters: {
            query?: {
                validate?: boolean;
            };
            header?: {
                /** @description The same key and body get the same answer, another body 409 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "tracin",
                 *       "preset": "quick"
                 *     }
                 */
                "application/json": components["schemas"]["NewExperiment"];
            };
        };
        responses: {
            /** @description What would happen (validate=true) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Validation"];
                };
            };
            /** @description A validated spec of one kind, its trials and how far they are */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema; `invalid_spec`: The spec does not match the schema of its kind; `unknown_kind`: There is no such experiment kind; `unknown_preset`: The kind has no such preset */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_checkpoint`: The model has no checkpoint; `idempotency_conflict`: The same Idempotency-Key came with another body; `quota_exceeded`: A quota of the team is used up */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unfit_dataset`: The data set is not what the kind works with; `unfit_artifact`: The artifact is not what the kind works with; `data_missing`: The bytes of a data set are not in the blob store */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `download_failed`: A file of the catalog could not be downloaded */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An experiment as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description ISO 8601, UTC
                         */
                        createdAt: string;
                        createdBy: string;
                        failure: {
                            /** @enum {unknown} */
                            code: "invalid_request" | "invalid_spec" | "unknown_kind" | "unknown_preset" | "invalid_cursor" | "unknown_operation" | "unknown_follow_up" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "conflict" | "not_finished" | "in_use" | "idempotency_conflict" | "index_missing" | "no_checkpoint" | "no_dataset" | "quota_exceeded" | "stale" | "too_large" | "file_missing" | "range_not_satisfiable" | "unsupported_media_type" | "invalid_dataset" | "data_missing" | "download_failed" | "unfit_dataset" | "unfit_artifact" | "invalid_picture" | "invalid_input" | "non_finite_output" | "internal" | "unavailable" | "non_finite" | "unmeasurable" | "not_deterministic" | "out_of_memory" | "worker_died" | "timed_out" | "hung" | "crew_broken" | "trial_error";
                            message: string;
                            /** @description step of the trial at which it happened */
                            step?: number;
                        } | null;
                        finishedAt: string | null;
                        /**
                         * Format: uuid
                         * @description UUIDv7: ids sort by the time of creation
                         */
                        id: string;
                        kind: string;
                        /** @description Another version may give other numbers for the same spec */
                        kindVersion: string;
                        maxSeconds: number | null;
                        name: string;
                        notes: string;
                        parent: string | null;
                        preset: string | null;
                        /** @description Higher goes first among the team’s own; between teams the one that uses fewer slots does */
                        priority: number;
                        progress: {
                            done: number;
                            etaSeconds: number | null;
                            /** @description in training steps, or what costs as much; an estimate until the trials have told */
                            of: number;
                        };
                        /** @description With every default filled in, its data fixed to {datasetId} and its models to {modelId, step} */
                        spec: {
                            [key: string]: unknown;
                        };
                        startedAt: string | null;
                        /** @enum {string} */
                        state: "queued" | "running" | "paused" | "succeeded" | "failed" | "canceled";
                        tags: string[];
                        trials: {
                            arm: string;
                            /**
                             * Format: uuid
                             * @description UUIDv7: ids sort by the time of creation
                             */
                            id: string;
                            outcome: {
                                advice: string | null;
                                name: string;
                            } | null;
                            seed: number;
                            state: string;
                        }[];
                        /** @description the ETag */
                        version: number;
                        waiting: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The present state forbids this; `in_use`: Something still refers to it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateExperiment: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that was read; another one now means 412 */
                "if-match"?: string;
            };
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    notes?: string;
                    /** @description Higher goes first among the team’s own; between teams the one that uses fewer slots does */
                    priority?: number;
                    tags?: string[];
                };
            };
        };
        responses: {
            /** @description A validated spec of one kind, its trials and how far they are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The resource changed since it was read */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A validated spec of one kind, its trials and how far they are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The present state forbids this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followEvents: {
        parameters: {
            query?: {
                /** @description Number of the last event that you have; one beyond the last event there is, is refused as invalid_cursor */
                after?: number;
                /** @description Most events of a JSON page; streams have no limit */
                limit?: number;
                /** @description UUIDv7: ids sort by the time of creation */
                trialId?: string;
                /** @description Only these types, repeated or with commas: state, progress, metrics, checkpoint, model, artifact, influence, log, report, rewind */
                type?: string[];
            };
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A WebSocket of EventFrame and StreamNotice */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A page, or the stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description number of the last event there is */
                        headSeq: number;
                        items: components["schemas"]["EventFrame"][];
                        /** @description pass it as after to read on */
                        nextAfter: number;
                    };
                    "text/event-stream": string;
                };
            };
            /** @description The stream has ended and you have all of it: an EventSource stops here */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request does not match the schema; `invalid_cursor`: The cursor was not made by this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: It cannot be given in that form */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFigure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figure */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                    "application/vnd.vegalite.v6+json": {
                        [key: string]: unknown;
                    };
                    "image/png": string;
                    "image/svg+xml": string;
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: It cannot be given in that form */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_finished`: It has not finished yet */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: {
                /** @description Most points of a curve; sampling keeps minima and maxima */
                maxPoints?: number;
                /** @description Only these metrics, repeated or with commas */
                name?: string[];
                /** @description UUIDv7: ids sort by the time of creation */
                trialId?: string;
            };
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The curves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            name: string;
                            /** @description [step, value] */
                            points: [
                                number,
                                number | ("NaN" | "Infinity" | "-Infinity")
                            ][];
                            /**
                             * Format: uuid
                             * @description UUIDv7: ids sort by the time of creation
                             */
                            trialId: string;
                        }[];
                    };
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: It cannot be given in that form */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A validated spec of one kind, its trials and how far they are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The present state forbids this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_finished`: It has not finished yet */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A validated spec of one kind, its trials and how far they are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The present state forbids this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retrain: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer, another body 409 */
                "idempotency-key"?: string;
            };
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description without: trained without the suspects; corrected: with other labels for them; both when left out. A training as it is, and one with as many random examples for each, are always there */
                    arms?: ("without" | "corrected")[];
                    /** @description Examples that are corrected to a label of their own; they are suspects too */
                    corrections?: {
                        /** @description Position in the training split, as index in the ranking */
                        index: number;
                        /** @description A class by number or by name; of values as many numbers as the target has */
                        label: number | string | number[];
                    }[];
                    /**
                     * @description What they are corrected to. suggested (when left out): what the models of the trial’s checkpoints take them for; own: the data set’s labels, where the trial made some wrong
                     * @enum {string}
                     */
                    labels?: "suggested" | "own";
                    /** @description Initial weights and order of batches, the same for all arms; 0 .. 4 when left out */
                    seeds?: number[];
                    /** @description Either top, or indices; may be left out where labels names examples */
                    suspects?: {
                        /**
                         * @description Of which order; score when left out
                         * @enum {string}
                         */
                        by?: "score" | "class-balanced" | "random";
                        /** @description Or these */
                        indices?: number[];
                        /** @description The first so many of an order */
                        top?: number;
                    };
                    /**
                     * Format: uuid
                     * @description Whose suspects; the first that succeeded when left out
                     */
                    trial?: string;
                };
            };
        };
        responses: {
            /** @description A validated spec of one kind, its trials and how far they are */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema; `invalid_spec`: The spec does not match the schema of its kind */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing; `unknown_follow_up`: The experiment has no such follow-up */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_finished`: It has not finished yet; `no_checkpoint`: The model has no checkpoint; `idempotency_conflict`: The same Idempotency-Key came with another body; `quota_exceeded`: A quota of the team is used up */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unfit_dataset`: The data set is not what the kind works with; `unfit_artifact`: The artifact is not what the kind works with; `data_missing`: The bytes of a data set are not in the blob store */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A validated spec of one kind, its trials and how far they are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The present state forbids this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKinds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All kinds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Kind"][];
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
                cursor?: string;
                /** @description UUIDv7: ids sort by the time of creation */
                datasetId?: string;
                /** @description UUIDv7: ids sort by the time of creation */
                experimentId?: string;
                /** @description Most items of the page */
                limit?: number;
                /** @description UUIDv7: ids sort by the time of creation */
                trialId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ModelSummary"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema; `invalid_cursor`: The cursor was not made by this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A trained network with what it was trained on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    attack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AttackRequest"];
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttackResponse"];
                    "image/png": string;
                };
            };
            /** @description The answer will be at /v1/queries/{queryId} */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryAccepted"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing; `unknown_operation`: The model cannot be asked this */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: It cannot be given in that form */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_checkpoint`: The model has no checkpoint; `no_dataset`: The model was not trained on a stored data set */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `data_missing`: The bytes of a data set are not in the blob store; `invalid_input`: The input does not fit the model; `non_finite_output`: The model’s answer is not finite */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    influence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InfluenceRequest"];
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InfluenceResponse"];
                };
            };
            /** @description The answer will be at /v1/queries/{queryId} */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryAccepted"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing; `unknown_operation`: The model cannot be asked this */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_checkpoint`: The model has no checkpoint; `index_missing`: The model has no influence index for this configuration; `no_dataset`: The model was not trained on a stored data set */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `data_missing`: The bytes of a data set are not in the blob store; `invalid_input`: The input does not fit the model; `non_finite_output`: The model’s answer is not finite */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInfluenceIndexes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["InfluenceIndex"][];
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    buildInfluenceIndex: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer, another body 409 */
                "idempotency-key"?: string;
            };
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description last: the final layer, dense but for head class-map, as the paper does at scale; all: every parameter of the network
                     * @default last
                     * @enum {string}
                     */
                    layers?: "last" | "all";
                };
            };
        };
        responses: {
            /** @description Per-example gradient factors of a model’s training view: built once, queried many times */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InfluenceIndex"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_checkpoint`: The model has no checkpoint; `no_dataset`: The model was not trained on a stored data set; `conflict`: The present state forbids this; `idempotency_conflict`: The same Idempotency-Key came with another body; `quota_exceeded`: A quota of the team is used up */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: The input does not fit the model */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    initialize: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        /** @description Either {instances} or {count} */
        requestBody: {
            content: {
                "application/json": components["schemas"]["InitializeRequest"];
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InitializeResponse"];
                };
            };
            /** @description The answer will be at /v1/queries/{queryId} */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryAccepted"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing; `unknown_operation`: The model cannot be asked this */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_checkpoint`: The model has no checkpoint */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `data_missing`: The bytes of a data set are not in the blob store; `invalid_input`: The input does not fit the model */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    predict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictRequest"];
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictResponse"];
                    "image/png": string;
                };
            };
            /** @description The answer will be at /v1/queries/{queryId} */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryAccepted"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing; `unknown_operation`: The model cannot be asked this */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: It cannot be given in that form */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_checkpoint`: The model has no checkpoint; `no_dataset`: The model was not trained on a stored data set */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `data_missing`: The bytes of a data set are not in the blob store; `invalid_input`: The input does not fit the model; `non_finite_output`: The model’s answer is not finite */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    regionInfluence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        /** @description Regions of pictures that a model of head class-map reads */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "queries": [
                 *         {
                 *           "split": "test",
                 *           "index": 0,
                 *           "region": {
                 *             "type": "box",
                 *             "left": 4,
                 *             "top": 4,
                 *             "width": 8,
                 *             "height": 8
                 *           }
                 *         }
                 *       ],
                 *       "regions": "classes"
                 *     }
                 */
                "application/json": components["schemas"]["RegionInfluenceRequest"];
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegionInfluenceResponse"];
                };
            };
            /** @description The answer will be at /v1/queries/{queryId} */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryAccepted"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing; `unknown_operation`: The model cannot be asked this */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_checkpoint`: The model has no checkpoint; `index_missing`: The model has no influence index for this configuration; `no_dataset`: The model was not trained on a stored data set */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `data_missing`: The bytes of a data set are not in the blob store; `invalid_input`: The input does not fit the model; `non_finite_output`: The model’s answer is not finite */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSelfInfluence: {
        parameters: {
            query?: {
                /** @description Steps, repeated or with commas; those of the model that count when left out */
                checkpoints?: string[];
                /** @description nextCursor of the page before */
                cursor?: string;
                /** @description last: the final layer, dense but for head class-map, as the paper does at scale; all: every parameter of the network */
                layers?: "last" | "all";
                /** @description Examples per page */
                limit?: number;
                /** @description tracin-cp: gradient dot products summed over checkpoints with weights that follow from the steps of gradient descent; tracin-cp-adam: the same for steps of Adam, with gradients in the measure of the checkpoint’s second moments; gradient-product: the same without weights, for models that were moved by something else. What follows from how the model was trained, when left out */
                method?: "tracin-cp" | "tracin-cp-adam" | "gradient-product";
                /** @description desc: the most self-influential first */
                order?: "desc" | "asc";
                /** @description Whether scored examples say what they are: the row of a table, or text; pictures are had from the examples of the data set */
                show?: boolean;
                /** @description What every checkpoint counts. interval: the sum over the steps of its interval of learning rate / examples, so that scores estimate a change of the loss; rate: the learning rate in force, as the paper writes it, which counts unequal intervals alike. interval when left out, rate where checkpoints stand for no intervals; gradient-product has none */
                weights?: "interval" | "rate";
            };
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SelfInfluencePage"];
                };
            };
            /** @description The answer will be at /v1/queries/{queryId} */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryAccepted"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema; `invalid_cursor`: The cursor was not made by this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_checkpoint`: The model has no checkpoint; `index_missing`: The model has no influence index for this configuration; `no_dataset`: The model was not trained on a stored data set */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `data_missing`: The bytes of a data set are not in the blob store; `invalid_input`: The input does not fit the model */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    solve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        /** @description Either {instances} or {count}, and either {solver} or {steps} */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SolveRequest"];
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SolveResponse"];
                };
            };
            /** @description The answer will be at /v1/queries/{queryId} */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryAccepted"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing; `unknown_operation`: The model cannot be asked this */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no_checkpoint`: The model has no checkpoint */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `file_missing`: Its bytes are not in the blob store */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `data_missing`: The bytes of a data set are not in the blob store; `invalid_input`: The input does not fit the model */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listNodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Node"][];
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getQuery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The question and its answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Query"];
                    "image/png": string;
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: It cannot be given in that form */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_finished`: It has not finished yet */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segment: {
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
                 *       "example": {
                 *         "datasetId": "01936a3e-0000-7000-8000-000000000001",
                 *         "split": "train",
                 *         "index": 0
                 *       },
                 *       "strokes": [
                 *         {
                 *           "label": 0,
                 *           "points": [
                 *             [
                 *               1,
                 *               1
                 *             ],
                 *             [
                 *               20,
                 *               1
                 *             ]
                 *           ]
                 *         },
                 *         {
                 *           "label": 1,
                 *           "points": [
                 *             [
                 *               12,
                 *               14
                 *             ]
                 *           ]
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SegmentRequest"];
                "multipart/form-data": {
                    /**
                     * @description What it costs a pixel to have a label by its colour: minus the logarithm of how likely the colour is
                     * @default {
                     *       "type": "mixture"
                     *     }
                     */
                    colours?: {
                        /**
                         * @description Seeds alone: all colours cost nothing
                         * @enum {string}
                         */
                        type: "none";
                    } | {
                        /**
                         * @description Most Gaussians of a label
                         * @default 5
                         */
                        components?: number;
                        /**
                         * @description Times that all pixels are labelled: first with what colours the seeds have, then with what colours the labels got; where more follow, the first time by colours alone
                         * @default 2
                         */
                        iterations?: number;
                        /**
                         * @description Of the random choice of the first Gaussians
                         * @default 0
                         */
                        seed?: number;
                        /**
                         * @description The colours of each label are a mixture of Gaussians, as in GrabCut
                         * @enum {string}
                         */
                        type: "mixture";
                        /**
                         * @description Times the costs of colours
                         * @default 1
                         */
                        weight?: number;
                    } | {
                        /**
                         * @description Of each channel
                         * @default 16
                         */
                        bins?: number;
                        /**
                         * @description Times that all pixels are labelled: first with what colours the seeds have, then with what colours the labels got; where more follow, the first time by colours alone
                         * @default 2
                         */
                        iterations?: number;
                        /**
                         * @description The colours of each label are counted in bins, each with one more than it has
                         * @enum {string}
                         */
                        type: "histogram";
                        /**
                         * @description Times the costs of colours
                         * @default 1
                         */
                        weight?: number;
                    };
                    /** @description An example of a data set, in place of a picture */
                    example?: {
                        /**
                         * Format: uuid
                         * @description UUIDv7: ids sort by the time of creation
                         */
                        datasetId: string;
                        /**
                         * @description Where its picture is: an image of 1 or 3 channels in 0 .. 255
                         * @default inputs
                         */
                        field?: string;
                        /** @description Position in the split */
                        index: number;
                        /** @description A classMap whose classes are seeds, such as scribbles; none when left out */
                        seedsField?: string;
                        /** @enum {string} */
                        split: "train" | "test";
                    };
                    /**
                     * @description How many there are: 0, 1, ...
                     * @default 2
                     */
                    labels?: number;
                    /** @description label of every colour that a map of seeds in colour may have: {"#000000": 255, "#ff0000": 0, "#00ff00": 1} */
                    maskColours?: {
                        [key: string]: number;
                    };
                    /** @description label of every number that a grey map of seeds or its palette may have, 255 where none is given: {"0": 255, "1": 0, "2": 1}; when left out a number is its label, and 255 is none */
                    maskValues?: {
                        [key: string]: number;
                    };
                    /**
                     * @description Draw the picture under the colours of its labels, too; as image/png this is the answer then
                     * @default false
                     */
                    overlay?: boolean;
                    /**
                     * @description What it costs two pixels to have different labels. grid: lambda exp(-|difference of colours|² / (2 sigma²)) / distance of neighbours; dense: weight exp(-|difference of places|² / (2 position²) - |difference of colours|² / (2 colour²)) of each kernel
                     * @default {
                     *       "type": "grid"
                     *     }
                     */
                    pairs?: {
                        /**
                         * @description Cost of two labels on equal pixels side by side; more makes edges shorter
                         * @default 10
                         */
                        lambda?: number;
                        /**
                         * @description With more than two labels: what a cut may change at once
                         * @default expansion
                         * @enum {string}
                         */
                        moves?: "expansion" | "swap";
                        /** @default 8 */
                        neighbours?: 4 | 8;
                        /**
                         * @description With more than two labels: over all of them, at most
                         * @default 5
                         */
                        rounds?: number;
                        /** @description Difference of colours, in 0 .. 255, beyond which two labels cost little; when left out its square is the mean square difference of the picture’s neighbours */
                        sigma?: number;
                        /**
                         * @description Neighbours: exact for two labels, within twice the optimum for more
                         * @enum {string}
                         */
                        type: "grid";
                    } | {
                        /**
                         * @description Their sum is what two labels cost, each divided by the roots of the sums of its weights at both pixels
                         * @default [
                         *       {
                         *         "weight": 10,
                         *         "position": 80,
                         *         "colour": 13
                         *       },
                         *       {
                         *         "weight": 3,
                         *         "position": 3
                         *       }
                         *     ]
                         */
                        kernels?: {
                            /** @description Standard deviation of each channel, in 0 .. 255; places alone when left out */
                            colour?: number;
                            /** @description Standard deviation in pixels */
                            position: number;
                            /** @description Times its values */
                            weight: number;
                        }[];
                        /**
                         * @description All pairs of pixels, by Gaussian kernels on the permutohedral lattice; labels by mean field
                         * @enum {string}
                         */
                        type: "dense";
                        /**
                         * @description Of all pixels at once by mean field, at most
                         * @default 5
                         */
                        updates?: number;
                    };
                    /**
                     * Format: binary
                     * @description A PNG or JPEG
                     */
                    picture?: string;
                    /**
                     * Format: binary
                     * @description A PNG of the size of the picture whose numbers are labels
                     */
                    seeds?: string;
                    /**
                     * @description Seeds as lines, drawn one after the other
                     * @default []
                     */
                    strokes?: {
                        /** @description Of the pixels under it */
                        label: number;
                        /** @description Of a line, each as [x, y] in pixels; [0, 0] is the middle of the upper left one. One point is a dot */
                        points: number[][];
                        /**
                         * @description Of the brush, in pixels
                         * @default 3
                         */
                        width?: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description The picture’s labels */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segmented"];
                    "image/png": string;
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: It cannot be given in that form */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_picture`: The picture, its seeds or its strokes cannot be worked with; `data_missing`: The bytes of a data set are not in the blob store */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        actor: string;
                        /**
                         * Format: date-time
                         * @description ISO 8601, UTC
                         */
                        expiresAt: string;
                        /**
                         * @description viewer reads, member runs, admin manages keys and quotas
                         * @enum {string}
                         */
                        role: "viewer" | "member" | "admin";
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    closeSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTeam: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description ISO 8601, UTC
                         */
                        createdAt: string;
                        /**
                         * Format: uuid
                         * @description UUIDv7: ids sort by the time of creation
                         */
                        id: string;
                        name: string;
                        /** @description null means no limit */
                        quotas: {
                            maxRunningTrials: number | null;
                            maxStorageBytes: number | null;
                        };
                        /** @description the ETag */
                        version: number;
                        you: {
                            actor: string;
                            operator: boolean;
                            /**
                             * @description viewer reads, member runs, admin manages keys and quotas
                             * @enum {string}
                             */
                            role: "viewer" | "member" | "admin";
                        };
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
                cursor?: string;
                /** @description Most items of the page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema; `invalid_cursor`: The cursor was not made by this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Key"][];
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer, another body 409 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "laptop",
                 *       "role": "member"
                 *     }
                 */
                "application/json": {
                    name: string;
                    /**
                     * @description viewer reads, member runs, admin manages keys and quotas
                     * @enum {string}
                     */
                    role: "viewer" | "member" | "admin";
                };
            };
        };
        responses: {
            /** @description Success */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description ISO 8601, UTC
                         */
                        createdAt: string;
                        /**
                         * Format: uuid
                         * @description UUIDv7: ids sort by the time of creation
                         */
                        id: string;
                        lastUsedAt: string | null;
                        name: string;
                        revokedAt: string | null;
                        /**
                         * @description viewer reads, member runs, admin manages keys and quotas
                         * @enum {string}
                         */
                        role: "viewer" | "member" | "admin";
                        /** @description Shown once, and not stored: a repeated request with the same Idempotency-Key lacks it */
                        secret?: string;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The same Idempotency-Key came with another body */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It no longer opens anything */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The present state forbids this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateQuotas: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that was read; another one now means 412 */
                "if-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    maxRunningTrials?: number | null;
                    maxStorageBytes?: number | null;
                };
            };
        };
        responses: {
            /** @description Owns everything else */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale`: The resource changed since it was read */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUsage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTeam: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body get the same answer, another body 409 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "vision"
                 *     }
                 */
                "application/json": {
                    name: string;
                    quotas?: {
                        maxRunningTrials?: number | null;
                        maxStorageBytes?: number | null;
                    };
                };
            };
        };
        responses: {
            /** @description A team with its first admin key */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description ISO 8601, UTC
                         */
                        createdAt: string;
                        /**
                         * Format: uuid
                         * @description UUIDv7: ids sort by the time of creation
                         */
                        id: string;
                        key: {
                            /**
                             * Format: date-time
                             * @description ISO 8601, UTC
                             */
                            createdAt: string;
                            /**
                             * Format: uuid
                             * @description UUIDv7: ids sort by the time of creation
                             */
                            id: string;
                            lastUsedAt: string | null;
                            name: string;
                            revokedAt: string | null;
                            /**
                             * @description viewer reads, member runs, admin manages keys and quotas
                             * @enum {string}
                             */
                            role: "viewer" | "member" | "admin";
                            /** @description Shown once, and not stored: a repeated request with the same Idempotency-Key lacks it */
                            secret?: string;
                        };
                        name: string;
                        /** @description null means no limit */
                        quotas: {
                            maxRunningTrials: number | null;
                            maxStorageBytes: number | null;
                        };
                        /** @description the ETag */
                        version: number;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The present state forbids this; `idempotency_conflict`: The same Idempotency-Key came with another body */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body has a type that this route does not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTrial: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One arm with one seed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trial"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listArtifacts: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
                cursor?: string;
                /** @description Most items of the page */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Artifact"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema; `invalid_cursor`: The cursor was not made by this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCheckpoints: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
                cursor?: string;
                /** @description Most items of the page */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Checkpoint"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema; `invalid_cursor`: The cursor was not made by this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUploads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Upload"][];
                    };
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7: ids sort by the time of creation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A data set that is under way, uploaded or made of a source: gone when it is answered, or broken off */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description `invalid_request`: The request does not match the schema */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: No valid key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key’s role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service cannot answer now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
