// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// The contracts of Tacit as contracts written in Solidity call them.

/// Verifies proofs: false on everything that is not one.
interface ITacitVerifier {
    function verify(address key, bytes32 modelId, bytes32 context, bytes calldata statement, bytes calldata proof) external view returns (bool);
}

/// Takes proven inferences of allowed models, each once.
interface ITacitGate {
    struct Model {
        address key;
        uint256 outputAt;
        uint256 outputSize;
        uint256 gas;
    }

    event Proposed(bytes32 indexed modelId, address indexed key, uint256 outputAt, uint256 outputSize, uint256 gas, uint256 ready);
    event Cancelled(bytes32 indexed modelId, address indexed key);
    event Enacted(bytes32 indexed modelId, address indexed key);
    event Removed(bytes32 indexed modelId);
    event RelayerSet(address indexed user, address indexed relayer, bool allowed);
    event OwnerOffered(address indexed candidate);
    event OwnerChanged(address indexed owner);
    event Inference(bytes32 indexed modelId, bytes32 indexed inputHash, bytes32 outputHash, bytes32 indexed context);

    function infer(address user, bytes32 modelId, uint256 expiry, bytes calldata statement, bytes calldata proof) external returns (bytes32 inputHash, bytes32 outputHash);
    function context(address user, uint256 expiry) external view returns (bytes32);
    function nonces(address user) external view returns (uint256);
    function skip() external;
    function setRelayer(address relayer, bool allowed) external;
    function relayers(address user, address relayer) external view returns (bool);

    function model(bytes32 modelId) external view returns (Model memory);
    function propose(bytes32 modelId, address key, uint256 outputAt, uint256 outputSize, uint256 gasLimit) external;
    function cancel(bytes32 modelId, address key, uint256 outputAt, uint256 outputSize, uint256 gasLimit) external;
    function enact(bytes32 modelId, address key, uint256 outputAt, uint256 outputSize, uint256 gasLimit) external;
    function readyAt(bytes32 modelId, address key, uint256 outputAt, uint256 outputSize, uint256 gasLimit) external view returns (uint256);
    function remove(bytes32 modelId) external;

    function verifier() external view returns (address);
    function wait() external view returns (uint256);
    function owner() external view returns (address);
    function candidate() external view returns (address);
    function offer(address candidate) external;
    function accept() external;
}

/// Statements that attesters say they have verified: attested, not proven.
interface ITacitAttest {
    struct Signature {
        uint256 v;
        bytes32 r;
        bytes32 s;
    }

    struct Batch {
        bytes32 root;
        uint256 count;
    }

    event Attested(bytes32 indexed modelId, uint256 indexed epoch, bytes32 root, uint256 count);

    function post(bytes32 modelId, bytes32 root, uint256 count, uint256 epoch, Signature[] calldata signatures) external;
    function attested(bytes32 modelId, uint256 epoch, uint256 index, bytes32 context, bytes32 statementHash, bytes32[] calldata path) external view returns (bool);
    function digest(bytes32 modelId, bytes32 root, uint256 count, uint256 epoch) external view returns (bytes32);
    function batches(bytes32 modelId, uint256 epoch) external view returns (Batch memory);
    function threshold() external view returns (uint256);
    function attesters(uint256 index) external view returns (address);
    function isAttester(address attester) external view returns (bool);
}

/// ERC-8274's IProofVerifier, draft of 2026-05-26. `metadata` is the context, 32 bytes, and the statement.
interface ITacitProofVerifier {
    function verify(bytes32 inputHash, bytes32 outputHash, bytes calldata metadata, bytes calldata proof) external view returns (bool);
    function proofSystem() external view returns (string memory);
    function proofProfile() external view returns (bytes32);
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
    function gate() external view returns (address);
    function modelId() external view returns (bytes32);
}

/// ERC-7992's verifier, draft of 2026-01-16. `proof` is abi.encode(bytes32 context, bytes inputs, bytes proof).
interface ITacitInferenceVerifier {
    struct ModelCommitment {
        bytes32 modelHash;
        bytes32 circuitHash;
        bytes32 vkHash;
        bytes4 proofSystemId;
        string uri;
    }

    error InvalidProof();
    error InputCommitmentMismatch();
    error OutputMismatch();
    error VerificationRefused_ModelDeprecated(uint256 modelId);

    event InferenceVerified(uint256 indexed modelId, bytes32 indexed inputCommitment, bytes output, address indexed caller);

    function verifyInference(uint256 modelId, bytes32 inputCommitment, bytes calldata output, bytes calldata proof) external;
    function commit(bytes32 context, bytes32 inputHash) external view returns (bytes32);
    function proofSystemOf(uint256 modelId) external view returns (bytes4);
    function registry() external view returns (address);
    function getModel(uint256 modelId) external view returns (ModelCommitment memory commitment, bool deprecated, address owner);
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
    function gate() external view returns (address);
}
