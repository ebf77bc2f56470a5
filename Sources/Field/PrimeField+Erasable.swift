import Compute

extension PrimeField: Erasable {}
